import { completeEnvironment } from './environment';
import { createPortal } from './portal';
import { endWithParent } from './supervision';

completeEnvironment(process.env);
endWithParent(process);

const backend = createPortal();

backend.add(import('@naap/plugin-naap-backend-module-dbt'));
backend.add(import('@naap/plugin-naap-backend-module-ingestion'));
backend.add(import('@naap/plugin-naap-backend-module-lakehouse'));
backend.add(import('@naap/plugin-naap-backend-module-serving'));

backend.start();
