import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { EventLog } from '@naap/ingestion';
import {
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { ingestionLineage } from './lineage';
import { LogSink } from './LogSink';

/** A CLI command that has the log lets it go within seconds. */
const WAIT_MS = 10_000;

/** Ingestion of the embedded profile: the event log. */
export const naapModuleIngestion = createBackendModule({
  pluginId: 'naap',
  moduleId: 'ingestion',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lineage: naapLineageExtensionPoint,
        services: naapServicesExtensionPoint,
      },
      async init({ config, lineage, services }) {
        const log = await EventLog.open(readNaapHome(config), {
          waitMs: WAIT_MS,
        });
        const sink = new LogSink(log);
        services.setEventSink(sink);
        lineage.addSource(ingestionLineage(config, sink));
        services.onClose(() => log.close());
      },
    });
  },
});
