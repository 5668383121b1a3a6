import { DatabaseManager } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';

/**
 * Databases of plugins as Backstage has them, but SQLite writes ahead. Its statements run on the main thread, and by
 * default each change waits for the disk several times: while the catalog takes in thousands of entities nobody else
 * would be answered. What was written before a crash of the portal stays; a power cut may take the last changes, which
 * are none of events: those have a log of their own.
 */
export const databaseServiceFactory = createServiceFactory({
  service: coreServices.database,
  deps: {
    config: coreServices.rootConfig,
    lifecycle: coreServices.lifecycle,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
    rootLogger: coreServices.rootLogger,
  },
  createRootContext: ({ config, rootLifecycle, rootLogger }) =>
    DatabaseManager.fromConfig(config, { rootLifecycle, rootLogger }),
  factory({ plugin, lifecycle, logger }, manager) {
    const database = manager.forPlugin(plugin.getId(), { lifecycle, logger });
    return {
      ...database,
      async getClient() {
        const client = await database.getClient();
        if (client.client.config.client === 'better-sqlite3') {
          await client.raw('PRAGMA journal_mode = WAL');
        }
        return client;
      },
    };
  },
});
