import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { GoldWriter } from './__testUtils__/gold';
import { randomRequests } from './testing/network';
import { openChdb } from './chdb/chdbDatabase';
import { MAX_BYTES, MAX_ROWS } from './page';
import { Serving } from './serving';

// The engine and the machine may be busy with other suites.
const DAY = '2026-01-08';
const GATEWAYS = 30_000;

/** How often others got a turn while something was done. */
async function turnsWhile<T>(work: () => Promise<T>): Promise<[T, number]> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const result = await work();
  isDone = true;
  return [result, turns];
}

describe('a day of very many gateways', () => {
  let directory: string;
  let serving: Serving;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-many-'));
    const gold = await GoldWriter.create(join(directory, 'gold'));
    await gold.setDay(DAY, 'b1', randomRequests(DAY, 20, 1));
    await gold.setState('b1', '2026-01-09T02:00:00.000Z');
    const path = join(directory, 'clickhouse');
    serving = await Serving.open({ path });
    await serving.sync(gold.files);
    await serving.close();
    gold.close();
    // As so many strangers' requests would have made it; the names as long as names may be.
    const database = await openChdb({ path });
    await database.command(
      `INSERT INTO naap.kpi_hourly (hour, day, gateway, requests)
SELECT toDateTime('${DAY} 12:00:00', 'UTC'), toDate('${DAY}'), leftPad(toString(number), 500, 'g'), 1 FROM numbers(${GATEWAYS})`,
    );
    await database.close();
    serving = await Serving.open({ path });
  });

  afterAll(async () => {
    await serving.close();
    await rm(directory, { recursive: true });
  });

  it('is answered in pages of bounded rows and bytes, and lets others in', async () => {
    const [page, turns] = await turnsWhile(() =>
      serving.kpis({ by: ['gateway'] }),
    );
    expect(page.rows.length).toBeLessThanOrEqual(MAX_ROWS);
    expect(JSON.stringify(page.rows).length).toBeLessThanOrEqual(MAX_BYTES + 2);
    expect(page.next).not.toBeNull();
    expect(turns).toBeGreaterThan(20);
  });

  it('has every gateway on one of its pages, once, in order', async () => {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await serving.kpis({ by: ['gateway'], cursor });
      expect(page.rows.length).toBeGreaterThan(0);
      for (const { gateway } of page.rows) names.push(String(gateway));
      cursor = page.next ?? undefined;
    } while (cursor);
    const strangers = names.filter(name => name.startsWith('ggg'));
    expect(strangers).toHaveLength(GATEWAYS);
    expect(names).toEqual([...new Set(names)].sort());
  });

  it('does not keep who looks for one of them', async () => {
    const { values, totals, next } = await serving.dimensions({
      dimension: 'gateway',
      search: 'G29999',
    });
    expect(values.gateway.map(({ value }) => value?.slice(-5))).toEqual([
      '29999',
    ]);
    expect([totals.gateway, next]).toEqual([1, null]);
    const busiest = await serving.dimensions();
    expect(busiest.values.gateway).toHaveLength(100);
    expect(busiest.totals.gateway).toBeGreaterThan(GATEWAYS);
  });

  it('refuses a cursor that is made up, or of another list', async () => {
    const { next } = await serving.kpis({ by: ['gateway'], limit: 1 });
    for (const query of [
      { by: ['model' as const], cursor: next! },
      { by: ['gateway' as const], cursor: 'abc' },
      { cursor: next! },
    ]) {
      await expect(serving.kpis(query)).rejects.toThrow('cursor is none');
    }
  });
});
