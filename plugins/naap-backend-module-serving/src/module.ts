import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  goldBuildServiceRef,
  goldSourceServiceRef,
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { Serving } from '@naap/serving';
import { join } from 'node:path';
import { createKpiStore } from './kpiStore';
import { servingLineage } from './lineage';
import { syncStep } from './syncStep';

/** Serving of the embedded profile: ClickHouse in this process. */
export const naapModuleServing = createBackendModule({
  pluginId: 'naap',
  moduleId: 'serving',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        gold: goldSourceServiceRef,
        goldBuild: goldBuildServiceRef,
        lineage: naapLineageExtensionPoint,
        services: naapServicesExtensionPoint,
        steps: naapStepsExtensionPoint,
      },
      async init({ config, gold, goldBuild, lineage, services, steps }) {
        const serving = await Serving.open({
          path: join(readNaapHome(config), 'clickhouse'),
        });
        steps.addStep(syncStep(serving, gold, goldBuild));
        lineage.addSource(servingLineage(serving));
        services.setKpiStore(createKpiStore(serving));
        services.onClose(() => serving.close());
      },
    });
  },
});
