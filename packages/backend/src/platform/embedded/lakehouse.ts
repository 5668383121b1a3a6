import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import {
  LakeCommitter,
  LakeComparer,
  LakeWorker,
  openLake,
  openWarehouse,
} from '@naap/lakehouse';
import {
  lakehouseServiceRef,
  readNaapHome,
  warehouseServiceRef,
} from '@naap/plugin-naap-node';

/** The Python worker that all of it shares: one process, one call at a time. */
export const workerServiceRef = createServiceRef<LakeWorker>({
  id: 'naap.lake-worker',
  scope: 'plugin',
});

/** It starts at the first call, and ends with the lakehouse. */
export const workerServiceFactory = createServiceFactory({
  service: workerServiceRef,
  deps: {},
  factory: () => new LakeWorker(),
});

/** Iceberg tables in a folder. */
export const lakehouseServiceFactory = createServiceFactory({
  service: lakehouseServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  factory({ config, worker }) {
    const home = readNaapHome(config);
    const lake = openLake(home);
    const writer = new LakeCommitter(home, worker);
    return {
      ...lake,
      committer: writer,
      maintainer: writer,
      comparer: new LakeComparer({ home }),
      async close() {
        await worker.stop();
        await lake.reader.close();
      },
    };
  },
});

/** The file that dbt writes. */
export const warehouseServiceFactory = createServiceFactory({
  service: warehouseServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  factory: ({ config, worker }) => openWarehouse(readNaapHome(config), worker),
});
