import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiPulseLine } from '@remixicon/react';
import { naapApi } from './api/naapApi';
import { requestRouteRef, rootRouteRef } from './routes';

const explorerPage = PageBlueprint.make({
  params: {
    path: '/naap',
    routeRef: rootRouteRef,
    loader: () => import('./NaapRouter').then(m => <m.NaapRouter />),
  },
});

export const naapPlugin = createFrontendPlugin({
  pluginId: 'naap',
  title: 'Explorer',
  icon: <RiPulseLine fontSize="inherit" />,
  extensions: [naapApi, explorerPage],
  routes: {
    root: rootRouteRef,
    request: requestRouteRef,
  },
});
