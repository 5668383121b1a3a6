import { gated } from '../database';
import { Engine } from '../engine';
import { HotReaders } from '../hot/HotReaders';
import { migrate } from '../migrate';
import { sqlReader } from '../sqlReader';
import { EmbeddedTarget, openChdb } from './chdbDatabase';
import { OwnPublications } from './OwnPublications';

/**
 * ClickHouse in this process. There a question takes forty milliseconds and all of the machine: days that are asked for
 * are held in memory.
 *
 * @throws DirectoryInUseError, MigrationError
 */
export async function openChdbEngine(target: EmbeddedTarget): Promise<Engine> {
  const database = await openChdb(target);
  try {
    await migrate(database);
    const questions = gated(database, 2);
    return {
      database,
      questions,
      publications: await OwnPublications.open(database),
      readers: new HotReaders(sqlReader(questions), questions),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
