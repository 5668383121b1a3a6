import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  lakehouseServiceRef,
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
} from '@naap/plugin-naap-node';
import { kafkaConnectLineage } from './kafka-connect/lineage';
import { openKafkaConnect } from './kafka-connect/openKafkaConnect';
import { lakeLineage } from './lineage';
import { commitStep, compareStep, maintainStep } from './steps';

/** The lake: `commit` where an engine brings who does it, `maintain`, `compare`, its tables in the lineage, and Kafka Connect where it is in use. */
export const naapModuleLakehouse = createBackendModule({
  pluginId: 'naap',
  moduleId: 'lakehouse',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lake: lakehouseServiceRef,
        lineage: naapLineageExtensionPoint,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
        services: naapServicesExtensionPoint,
        steps: naapStepsExtensionPoint,
      },
      async init({
        config,
        lake,
        lineage,
        logger,
        scheduler,
        services,
        steps,
      }) {
        const { catalog, committer, maintainer, comparer } = lake;
        if (committer) steps.addStep(commitStep(catalog, committer));
        steps.addStep(maintainStep(catalog, maintainer));
        steps.addStep(compareStep(comparer));
        lineage.addSource(lakeLineage(catalog, committer && 'commit'));
        services.onClose(() => lake.close());
        const opened = await openKafkaConnect(config, logger);
        if (!opened) return;
        const { connect } = opened;
        services.onClose(() => opened.close());
        services.setConnectors(connect);
        lineage.addSource(kafkaConnectLineage(connect));
        await scheduler.scheduleTask({
          id: 'naap-connectors',
          frequency: { seconds: 10 },
          timeout: { minutes: 2 },
          fn: () => connect.keep(),
        });
      },
    });
  },
});
