import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  DbtProject,
  DbtRunner,
  LakeComparer,
  LakeGoldSource,
  LakeWorker,
  PyIcebergLakeCatalog,
  SharedLake,
} from '@naap/lakehouse';
import {
  lakehouseServiceRef,
  readLakeSettings,
  readNaapHome,
  readTrinoSettings,
  warehouseServiceRef,
} from '@naap/plugin-naap-node';
import { workerServiceRef } from '../worker';
import { notYet } from './notYet';

/** Iceberg tables on S3, which Kafka Connect writes. */
export const lakehouseServiceFactory = createServiceFactory({
  service: lakehouseServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  factory({ config, worker }) {
    const lake = readLakeSettings(config);
    // Who looks at the catalog does not wait for a step.
    const looking = new LakeWorker();
    return {
      catalog: new PyIcebergLakeCatalog({ lake }, looking),
      reader: {
        rawEvents: notYet('raw events'),
        quarantine: notYet('quarantine'),
        message: notYet('raw messages'),
        sources: notYet('sources'),
        close: async () => {},
      },
      maintainer: new SharedLake(lake, worker),
      comparer: new LakeComparer({ lake }),
      async close() {
        await Promise.all([worker.stop(), looking.stop()]);
      },
    };
  },
});

/** Silver and gold in the same lake, made by dbt on Trino. */
export const warehouseServiceFactory = createServiceFactory({
  service: warehouseServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  factory({ config, worker }) {
    const home = readNaapHome(config);
    const lake = readLakeSettings(config);
    const trino = readTrinoSettings(config);
    const project = new DbtProject(home);
    return {
      engine: 'Trino',
      project,
      // Machines take turns by the queue of runs.
      builder: new DbtRunner(home, worker, project, {
        shared: { lake, trino },
      }),
      gold: new LakeGoldSource({ lake, trino }, worker),
    };
  },
});
