import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { DbtProject, DbtRunner, openLake } from '@naap/lakehouse';
import {
  lakeWorkerServiceRef,
  naapLineageExtensionPoint,
  naapStepsExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { buildStep } from './buildStep';
import { dbtLineage } from './lineage';

/** dbt of the embedded profile: `build`. */
export const naapModuleDbt = createBackendModule({
  pluginId: 'naap',
  moduleId: 'dbt',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lineage: naapLineageExtensionPoint,
        steps: naapStepsExtensionPoint,
        worker: lakeWorkerServiceRef,
      },
      async init({ config, lineage, steps, worker }) {
        const home = readNaapHome(config);
        const project = new DbtProject(home);
        const builder = new DbtRunner(home, worker, project);
        steps.addStep(buildStep(builder, openLake(home).catalog));
        lineage.addSource(dbtLineage({ project, builder }));
      },
    });
  },
});
