import { createBackend } from '@backstage/backend-defaults';
import { completeEnvironment } from './environment';
import { permissionPolicyModule } from './permissionPolicy';
import { endWithParent } from './supervision';
import { rootLoggerServiceFactory } from './rootLogger';

completeEnvironment(process.env);
endWithParent(process);

const backend = createBackend();

backend.add(rootLoggerServiceFactory);

backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(permissionPolicyModule);
backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));

backend.add(import('@naap/plugin-catalog-backend-module-naap'));
backend.add(import('@naap/plugin-naap-backend'));
backend.add(import('@naap/plugin-naap-backend-module-dbt'));
backend.add(import('@naap/plugin-naap-backend-module-ingestion'));
backend.add(import('@naap/plugin-naap-backend-module-lakehouse'));
backend.add(import('@naap/plugin-naap-backend-module-serving'));

backend.start();
