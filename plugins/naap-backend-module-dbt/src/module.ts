import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  lakehouseServiceRef,
  naapLineageExtensionPoint,
  naapStepsExtensionPoint,
  warehouseServiceRef,
} from '@naap/plugin-naap-node';
import { buildStep } from './buildStep';
import { dbtLineage } from './lineage';

/** dbt: `build`, and what its manifest says in the lineage. */
export const naapModuleDbt = createBackendModule({
  pluginId: 'naap',
  moduleId: 'dbt',
  register(env) {
    env.registerInit({
      deps: {
        lake: lakehouseServiceRef,
        lineage: naapLineageExtensionPoint,
        steps: naapStepsExtensionPoint,
        warehouse: warehouseServiceRef,
      },
      async init({ lake, lineage, steps, warehouse }) {
        steps.addStep(buildStep(warehouse.builder, lake.catalog));
        lineage.addSource(dbtLineage(warehouse));
      },
    });
  },
});
