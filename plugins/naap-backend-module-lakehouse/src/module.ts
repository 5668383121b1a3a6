import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  lakehouseServiceRef,
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
} from '@naap/plugin-naap-node';
import { lakeLineage } from './lineage';
import { commitStep, compareStep, maintainStep } from './steps';

/** The lake: `commit` where an engine brings who does it, `maintain`, `compare`, and its tables in the lineage. */
export const naapModuleLakehouse = createBackendModule({
  pluginId: 'naap',
  moduleId: 'lakehouse',
  register(env) {
    env.registerInit({
      deps: {
        lake: lakehouseServiceRef,
        lineage: naapLineageExtensionPoint,
        services: naapServicesExtensionPoint,
        steps: naapStepsExtensionPoint,
      },
      async init({ lake, lineage, services, steps }) {
        const { catalog, committer, maintainer, comparer } = lake;
        if (committer) steps.addStep(commitStep(catalog, committer));
        steps.addStep(maintainStep(catalog, maintainer));
        steps.addStep(compareStep(comparer));
        lineage.addSource(lakeLineage(catalog, committer && 'commit'));
        services.onClose(() => lake.close());
      },
    });
  },
});
