import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { EventLog } from '@naap/ingestion';
import {
  naapServicesExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
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
        services: naapServicesExtensionPoint,
      },
      async init({ config, services }) {
        const log = await EventLog.open(readNaapHome(config), {
          waitMs: WAIT_MS,
        });
        services.setEventSink(new LogSink(log));
        services.onClose(() => log.close());
      },
    });
  },
});
