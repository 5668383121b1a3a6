import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { DbtRunner } from '@naap/lakehouse';
import {
  lakeWorkerServiceRef,
  naapStepsExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { buildStep } from './buildStep';

/** dbt of the embedded profile: `build`. */
export const naapModuleDbt = createBackendModule({
  pluginId: 'naap',
  moduleId: 'dbt',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        steps: naapStepsExtensionPoint,
        worker: lakeWorkerServiceRef,
      },
      async init({ config, steps, worker }) {
        steps.addStep(buildStep(new DbtRunner(readNaapHome(config), worker)));
      },
    });
  },
});
