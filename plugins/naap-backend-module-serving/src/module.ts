import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  servingServiceRef,
  warehouseServiceRef,
} from '@naap/plugin-naap-node';
import { servingLineage } from './lineage';
import { syncStep } from './syncStep';

/** Serving: `sync`, and what is served in the lineage. */
export const naapModuleServing = createBackendModule({
  pluginId: 'naap',
  moduleId: 'serving',
  register(env) {
    env.registerInit({
      deps: {
        lineage: naapLineageExtensionPoint,
        services: naapServicesExtensionPoint,
        serving: servingServiceRef,
        steps: naapStepsExtensionPoint,
        warehouse: warehouseServiceRef,
      },
      async init({ lineage, services, serving, steps, warehouse }) {
        const { builder, gold } = warehouse;
        const goldBuild = async () => (await builder.state())?.build.id ?? null;
        steps.addStep(syncStep(serving, gold, goldBuild));
        lineage.addSource(servingLineage(serving));
        services.onClose(() => serving.close());
      },
    });
  },
});
