import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { DuckDbGoldSource } from '@naap/lakehouse';
import {
  goldSourceServiceRef,
  lakeWorkerServiceRef,
  readNaapHome,
} from '@naap/plugin-naap-node';

/** Gold of the embedded profile: the DuckDB file that dbt writes. */
export const goldSourceServiceFactory = createServiceFactory({
  service: goldSourceServiceRef,
  deps: { config: coreServices.rootConfig, worker: lakeWorkerServiceRef },
  factory: ({ config, worker }) =>
    new DuckDbGoldSource(readNaapHome(config), worker),
});
