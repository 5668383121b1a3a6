import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { LakeCommitter, openLake } from '@naap/lakehouse';
import {
  lakeWorkerServiceRef,
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { createLakeReader } from './lakeReader';
import { lakeLineage } from './lineage';
import { commitStep, maintainStep } from './steps';

/** The lake of the embedded profile: `commit`, `maintain` and the reader of the Iceberg tables. */
export const naapModuleLakehouse = createBackendModule({
  pluginId: 'naap',
  moduleId: 'lakehouse',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lineage: naapLineageExtensionPoint,
        services: naapServicesExtensionPoint,
        steps: naapStepsExtensionPoint,
        worker: lakeWorkerServiceRef,
      },
      async init({ config, lineage, services, steps, worker }) {
        const home = readNaapHome(config);
        const committer = new LakeCommitter(home, worker);
        const { catalog, reader } = openLake(home);

        steps.addStep(commitStep(catalog, committer));
        steps.addStep(maintainStep(catalog, committer));
        lineage.addSource(lakeLineage(catalog));
        services.setLakeReader(createLakeReader(reader));
        services.onClose(() => worker.stop());
        services.onClose(() => reader.close());
      },
    });
  },
});
