import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';
import { databaseServiceFactory } from './database';
import { httpAuthServiceFactory } from './httpAuth';
import { rootHttpRouterServiceFactory } from './http';
import { permissionPolicyModule } from './permissionPolicy';
import { rootLoggerServiceFactory } from './rootLogger';
import { schedulerServiceFactory } from './scheduler';

/** What people and agents meet. A worker (`naap.worker`) has none of it: nobody asks it anything but whether it is well. */
const pages = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  async *loader({ config }) {
    if (config.has('naap.worker')) return;
    yield import('@backstage/plugin-app-backend');
    yield import('@backstage/plugin-auth-backend');
    yield import('@backstage/plugin-auth-backend-module-guest-provider');
    yield import('@backstage/plugin-catalog-backend');
    yield import('@backstage/plugin-catalog-backend-module-logs');
    yield import('@backstage/plugin-events-backend');
    yield import('@backstage/plugin-mcp-actions-backend');
    yield import('@backstage/plugin-permission-backend');
    yield permissionPolicyModule;
    yield import('@backstage/plugin-search-backend');
    yield import('@backstage/plugin-search-backend-module-catalog');
    yield import('@naap/plugin-catalog-backend-module-naap');
  },
});

/** The portal, or a worker, without the layers of a profile: Backstage, the `naap` plugin and its entities in the catalog. */
export function createPortal(): ReturnType<typeof createBackend> {
  const backend = createBackend();

  backend.add(rootLoggerServiceFactory);
  backend.add(databaseServiceFactory);
  backend.add(rootHttpRouterServiceFactory);
  backend.add(httpAuthServiceFactory);
  backend.add(schedulerServiceFactory);

  backend.add(pages);
  backend.add(import('@naap/plugin-naap-backend'));
  return backend;
}
