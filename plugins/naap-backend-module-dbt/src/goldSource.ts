import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { DuckDbGoldSource, readBuildRecord } from '@naap/lakehouse';
import {
  goldBuildServiceRef,
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

/** Which build gold is of, by the record that it leaves. */
export const goldBuildServiceFactory = createServiceFactory({
  service: goldBuildServiceRef,
  deps: { config: coreServices.rootConfig },
  factory:
    ({ config }) =>
    async () =>
      (await readBuildRecord(readNaapHome(config)))?.build.id ?? null,
});
