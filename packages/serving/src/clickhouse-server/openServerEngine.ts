import { gated } from '../database';
import { Engine } from '../engine';
import { migrate } from '../migrate';
import { sqlReader, sqlReaders } from '../sqlReader';
import { openServer, ServerTarget } from './serverDatabase';
import { SharedPublications } from './SharedPublications';

/** As many statements as the client has connections. */
const AT_ONCE = 10;

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
    const questions = gated(database, AT_ONCE);
    return {
      database,
      questions,
      publications: new SharedPublications(database),
      readers: sqlReaders(sqlReader(questions)),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
