import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { NaapEntityProvider } from './NaapEntityProvider';
import { heldByCatalog, naapReader } from './overTheWire';

const REFRESH_SECONDS = 30;
/** What a refresh that hangs, or whose process died, keeps the next one from. */
const TIMEOUT_SECONDS = 30;

/** Entities of the platform, its orchestrators and its models. */
export const catalogModuleNaap = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'naap',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        processing: catalogProcessingExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init(services) {
        const { auth, catalog, config, discovery, logger } = services;
        const seconds =
          config.getOptionalNumber('naap.catalog.refreshSeconds') ??
          REFRESH_SECONDS;
        if (!(seconds >= 1 && seconds <= 3600)) {
          throw new InputError(
            `naap.catalog.refreshSeconds is ${seconds}; use a number from 1 to 3600`,
          );
        }
        services.processing.addEntityProvider(
          new NaapEntityProvider({
            reader: naapReader({ auth, discovery }),
            heldBefore: () => heldByCatalog(catalog, auth),
            schedule: services.scheduler.createScheduledTaskRunner({
              frequency: { seconds },
              timeout: { seconds: TIMEOUT_SECONDS },
            }),
            appUrl: config.getString('app.baseUrl').replace(/\/+$/, ''),
            logger,
          }),
        );
      },
    });
  },
});
