import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { GoldWriter } from '../__testUtils__/gold';
import { openChdb } from '../chdb/chdbDatabase';
import { Database } from '../database';
import { HotReaders } from '../hot/HotReaders';
import { KpiReader } from '../KpiReader';
import { migrate } from '../migrate';
import { readPublishedState } from '../servedState';
import { sqlReader } from '../sqlReader';
import { sync } from '../sync';
import {
  kpiReaderContract,
  ReaderUnderTest,
  ServedNetwork,
} from './kpiReaderContract';
import { memoryKpiReader } from './MemoryKpiReader';

/** A reader of what ClickHouse serves after a sync. */
async function served(
  network: ServedNetwork,
  readerOf: (database: Database, revision: number) => KpiReader,
): Promise<ReaderUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'naap-reader-'));
  const gold = await GoldWriter.create(join(directory, 'gold'));
  const ofDay = (day: string) => (at: string) => at.startsWith(day);
  const days = new Set(
    network.requests.map(({ requested_at: at }) => at.slice(0, 10)),
  );
  for (const day of days) {
    const isOfDay = ofDay(day);
    await gold.setDay(
      day,
      'b1',
      network.requests.filter(({ requested_at: at }) => isOfDay(at)),
      network.observations.filter(({ began_at: at }) => isOfDay(at)),
    );
  }
  await gold.setState('b1', '2026-01-09T02:00:00.000Z');
  const database = await openChdb({ path: join(directory, 'clickhouse') });
  await migrate(database);
  await sync(database, gold.files, {}, publication => publication());
  const { revision } = await readPublishedState(database);
  return {
    reader: readerOf(database, revision),
    async close() {
      await database.close();
      gold.close();
      await rm(directory, { recursive: true });
    },
  };
}

describe('what ClickHouse answers', () => {
  kpiReaderContract(network =>
    served(network, database => sqlReader(database)),
  );
});

/** For what must not be asked. */
const NOBODY = new Proxy({} as KpiReader, {
  get: () => () => Promise.reject(new Error('asked of nobody')),
});

describe('what days in memory answer', () => {
  kpiReaderContract(network =>
    served(network, (database, revision) =>
      new HotReaders(NOBODY, database).at(revision),
    ),
  );
});

describe('what is answered without an engine', () => {
  kpiReaderContract(async network => ({
    reader: memoryKpiReader(network),
    close: async () => {},
  }));
});
