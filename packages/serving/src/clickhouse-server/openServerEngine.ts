import { Database, gated } from '../database';
import { Engine } from '../engine';
import { migrate } from '../migrate';
import { sqlReader, sqlReaders } from '../sqlReader';
import { openServer } from './serverDatabase';
import { ServerTarget } from './serverTarget';
import { SharedPublications } from './SharedPublications';

/** As many statements as the client has connections. */
const AT_ONCE = 10;

async function closeAll(...all: Database[]): Promise<void> {
  await Promise.all([...new Set(all)].map(one => one.close()));
}

/**
 * A ClickHouse server, which answers by itself. A publication that was interrupted is left to the next sync: another
 * process may be in the middle of it.
 *
 * @throws ServerUnreachableError, MigrationError
 */
export async function openServerEngine(target: ServerTarget): Promise<Engine> {
  const database = await openServer(target);
  try {
    await migrate(database);
    const { url, cluster, reader } = target;
    const asked = reader
      ? await openServer({ url, cluster, ...reader })
      : database;
    const questions = gated(asked, AT_ONCE);
    return {
      database: { ...database, close: () => closeAll(database, asked) },
      questions,
      publications: new SharedPublications(database),
      readers: sqlReaders(sqlReader(questions)),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
