import {
  createRouteRef,
  createSubRouteRef,
} from '@backstage/frontend-plugin-api';

export const rootRouteRef = createRouteRef();

export const requestRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/requests/:requestId',
});

export const compareRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/compare',
});

export const pipelinesRouteRef = createRouteRef();

export const runRouteRef = createSubRouteRef({
  parent: pipelinesRouteRef,
  path: '/runs/:runId',
});

export const lineageRouteRef = createRouteRef();

export const qualityRouteRef = createRouteRef();

export const definitionsRouteRef = createRouteRef();
