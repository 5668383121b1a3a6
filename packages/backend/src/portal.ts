import { createBackend } from '@backstage/backend-defaults';
import { databaseServiceFactory } from './database';
import { httpAuthServiceFactory } from './httpAuth';
import { rootHttpRouterServiceFactory } from './http';
import { permissionPolicyModule } from './permissionPolicy';
import { rootLoggerServiceFactory } from './rootLogger';
import { schedulerServiceFactory } from './scheduler';

/** The portal without the layers of a profile: Backstage, the `naap` plugin and its entities in the catalog. */
export function createPortal(): ReturnType<typeof createBackend> {
  const backend = createBackend();

  backend.add(rootLoggerServiceFactory);
  backend.add(databaseServiceFactory);
  backend.add(rootHttpRouterServiceFactory);
  backend.add(httpAuthServiceFactory);
  backend.add(schedulerServiceFactory);

  backend.add(import('@backstage/plugin-app-backend'));
  backend.add(import('@backstage/plugin-auth-backend'));
  backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  backend.add(import('@backstage/plugin-catalog-backend'));
  backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
  backend.add(import('@backstage/plugin-events-backend'));
  backend.add(import('@backstage/plugin-mcp-actions-backend'));
  backend.add(import('@backstage/plugin-permission-backend'));
  backend.add(permissionPolicyModule);
  backend.add(import('@backstage/plugin-search-backend'));
  backend.add(import('@backstage/plugin-search-backend-module-catalog'));

  backend.add(import('@naap/plugin-catalog-backend-module-naap'));
  backend.add(import('@naap/plugin-naap-backend'));
  return backend;
}
