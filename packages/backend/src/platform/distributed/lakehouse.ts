import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  LakeComparer,
  LakeWorker,
  openSharedWarehouse,
  PyIcebergLakeCatalog,
  SharedLake,
  TrinoBronzeReader,
  TrinoClient,
} from '@naap/lakehouse';
import {
  type Lakehouse,
  lakehouseServiceRef,
  readLakeSettings,
  readNaapHome,
  readTrinoSettings,
  warehouseServiceRef,
} from '@naap/plugin-naap-node';
import { workerServiceRef } from '../worker';

/** Iceberg tables on S3, which Kafka Connect writes. */
export const lakehouseServiceFactory = createServiceFactory({
  service: lakehouseServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  factory({ config, worker }): Lakehouse {
    const lake = readLakeSettings(config);
    // Who looks at the catalog does not wait for a step.
    const looking = new LakeWorker();
    const settings = readTrinoSettings(config);
    const trino = new TrinoClient(settings);
    const shared = new SharedLake(lake, worker);
    return {
      catalog: new PyIcebergLakeCatalog({ lake }, looking),
      reader: new TrinoBronzeReader(trino),
      maintainer: {
        // Silver and gold are in the lake too.
        writes: ['lake', 'gold'],
        maintain: async (...of) => ({
          ...(await shared.maintain(...of)),
          ...(await shared.maintainWarehouse(settings, ...of)),
        }),
      },
      comparer: new LakeComparer({ lake }),
      async close() {
        await Promise.all([worker.stop(), looking.stop(), trino.close()]);
      },
    };
  },
});

/** Trino, with dbt in front. */
export const warehouseServiceFactory = createServiceFactory({
  service: warehouseServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  factory: ({ config, worker }) =>
    openSharedWarehouse(
      readNaapHome(config),
      { lake: readLakeSettings(config), trino: readTrinoSettings(config) },
      worker,
    ),
});
