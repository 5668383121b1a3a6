import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { LakeCommitter, LakeReader } from '@naap/lakehouse';
import {
  lakeWorkerServiceRef,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { createLakeReader } from './lakeReader';
import { commitStep, maintainStep } from './steps';

/** The lake of the embedded profile: `commit`, `maintain` and the reader of the Iceberg tables. */
export const naapModuleLakehouse = createBackendModule({
  pluginId: 'naap',
  moduleId: 'lakehouse',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        services: naapServicesExtensionPoint,
        steps: naapStepsExtensionPoint,
        worker: lakeWorkerServiceRef,
      },
      async init({ config, services, steps, worker }) {
        const home = readNaapHome(config);
        const committer = new LakeCommitter(home, worker);
        const reader = new LakeReader(home);

        steps.addStep(commitStep(committer));
        steps.addStep(maintainStep(committer));
        services.setLakeReader(createLakeReader(reader));
        services.onClose(() => worker.stop());
        services.onClose(() => reader.close());
      },
    });
  },
});
