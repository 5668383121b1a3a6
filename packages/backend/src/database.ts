import { DatabaseManager } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import type { DatabaseService } from '@backstage/backend-plugin-api';
import { Slices } from '@naap/system';

type Database = Awaited<ReturnType<DatabaseService['getClient']>>;

const slices = new Slices();

/**
 * SQLite as the main thread can have it. Its statements run there, and what waits for one goes on without a look at
 * what came in; so there is one before each transaction. And by default each change waits for the disk several times;
 * written ahead it doesn't. A crash of the portal loses nothing by that, a power cut maybe its last changes: none of
 * events, which have a log of their own.
 */
async function calm(database: Database): Promise<void> {
  await database.raw('PRAGMA journal_mode = WAL');
  const { client } = database;
  const acquire = client.acquireConnection.bind(client);
  client.acquireConnection = async () => {
    if (slices.over()) await slices.rest();
    return acquire();
  };
}

/** Databases of plugins as Backstage has them; while the catalog takes in thousands of entities others are answered. */
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
    let client: Promise<Database> | undefined;
    return {
      ...database,
      getClient() {
        client ??= database.getClient().then(async made => {
          if (made.client.config.client === 'better-sqlite3') await calm(made);
          return made;
        });
        return client;
      },
    };
  },
});
