import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogModelSources } from '@backstage/catalog-model/alpha';
import { InputError } from '@backstage/errors';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { catalogModelExtensionPoint } from '@backstage/plugin-catalog-node/alpha';
import { withoutTrailingSlashes } from '@naap/plugin-naap-common';
import { naapModelLayers } from './model';
import { NaapEntityProvider } from './NaapEntityProvider';
import { heldByCatalog, naapReader } from './overTheWire';

const OWNER = 'group:default/naap-operators';
const REFRESH_SECONDS = 30;
/** What a refresh that hangs, or whose process died, keeps the next one from. */
const TIMEOUT_SECONDS = 60;

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
        model: catalogModelExtensionPoint,
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
        const owner = parseEntityRef(
          config.getOptionalString('naap.catalog.owner') ?? OWNER,
          { defaultKind: 'Group', defaultNamespace: 'default' },
        );
        const apiUrl = await discovery.getExternalBaseUrl('naap');
        services.model.addModelSource(
          CatalogModelSources.static(naapModelLayers),
        );
        services.processing.addEntityProvider(
          new NaapEntityProvider({
            reader: naapReader({ auth, discovery }),
            heldByCatalog: () => heldByCatalog(catalog, auth),
            schedule: services.scheduler.createScheduledTaskRunner({
              frequency: { seconds },
              timeout: { seconds: TIMEOUT_SECONDS },
            }),
            installation: {
              owner: stringifyEntityRef(owner),
              appUrl: withoutTrailingSlashes(config.getString('app.baseUrl')),
              definitionUrl: `${apiUrl}/v1/openapi.json`,
            },
            logger,
          }),
        );
      },
    });
  },
});
