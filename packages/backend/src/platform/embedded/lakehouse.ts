import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  LakeCommitter,
  LakeComparer,
  openLake,
  openWarehouse,
} from '@naap/lakehouse';
import {
  type Lakehouse,
  lakehouseServiceRef,
  readNaapHome,
  warehouseServiceRef,
} from '@naap/plugin-naap-node';
import { workerServiceRef } from '../worker';

/** Iceberg tables in a folder. */
export const lakehouseServiceFactory = createServiceFactory({
  service: lakehouseServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  factory({ config, worker }): Lakehouse {
    const home = readNaapHome(config);
    const lake = openLake(home);
    const writer = new LakeCommitter(home, worker);
    return {
      ...lake,
      committer: writer,
      maintainer: {
        writes: ['lake'],
        maintain: (...of) => writer.maintain(...of),
      },
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
