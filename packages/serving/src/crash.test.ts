import { spawn } from 'child_process';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { GoldWriter } from './__testUtils__/gold';
import { DAY_TABLES, DIMENSION_TABLES } from './tables';
import { randomRequests } from './testing/network';
import { openChdb } from './chdb/chdbDatabase';
import { DirectoryInUseError } from './errors';
import { Serving } from './serving';

// Some twenty processes, one after the other, and the machine may be busy with other suites.
jest.setTimeout(600_000);

const DAYS = ['2026-01-07', '2026-01-08'];
/** Two builds that share no row: all of a build's requests are of its model. */
const BUILDS = ['m0', 'm1'].map((model, i) =>
  DAYS.map((day, j) =>
    randomRequests(day, 60 + 20 * i, 10 * i + j).map(request => ({
      ...request,
      model,
    })),
  ),
);

/** Runs a sync that is killed before its n-th statement; gives how it ended and what it said. */
function runKilledSync(
  path: string,
  gold: string,
  n: number,
): Promise<{ end: NodeJS.Signals | number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        join(__dirname, '__testUtils__', 'killedSync.ts'),
        path,
        gold,
        String(n),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', chunk => {
      said += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ end: signal ?? code, said }),
    );
  });
}

/** Which build is served (0 or 1); fails when the tables are not all of the same one. */
async function servedBuild(serving: Serving): Promise<number> {
  const { meta, rows } = await serving.kpis({ by: ['model'] });
  const { total } = await serving.requests({ limit: 1 });
  expect(rows).toHaveLength(1);
  const [row] = rows;
  const i = row.model === 'm0' ? 0 : 1;
  const expected = BUILDS[i].flat();
  expect(meta.build?.id).toBe(`b${i}`);
  expect([row.requests, total]).toEqual([expected.length, expected.length]);
  expect(row.startup_ms.n).toBe(
    expected.filter(r => r.startup_ms !== null).length,
  );
  return i;
}

async function stagedRows(path: string): Promise<number> {
  const database = await openChdb({ path });
  let sum = 0;
  for (const table of [...DAY_TABLES, ...DIMENSION_TABLES]) {
    const [[rows]] = await database.rows<[number]>(
      `SELECT count() FROM naap.stage_${table}`,
    );
    sum += rows;
  }
  await database.close();
  return sum;
}

let directory: string;
let path: string;
let gold: GoldWriter[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'naap-serving-crash-'));
  path = join(directory, 'chdb');
  gold = [];
  for (const i of [0, 1]) {
    const writer = await GoldWriter.create(join(directory, `gold${i}`));
    for (const [j, day] of DAYS.entries()) {
      await writer.setDay(day, `b${i}`, BUILDS[i][j]);
    }
    await writer.setState(`b${i}`, '2026-01-09T00:30:00.000Z');
    gold.push(writer);
  }
});

afterAll(async () => {
  gold.forEach(writer => writer.close());
  await rm(directory, { recursive: true, force: true });
});

it('serves one whole build after a kill at any point, and the next sync ends the work', async () => {
  const first = await Serving.open({ path });
  await first.sync(gold[0].files);
  await first.close();
  let current = 0;
  let kills = 0;
  const outcomes = new Set<boolean>();
  // A stride that meets staging, publication and clean-up without a process for every statement.
  for (let n = 2; ; n += 5) {
    const next = 1 - current;
    const { end } = await runKilledSync(path, gold[next].files.directory, n);
    const serving = await Serving.open({ path });
    const served = await servedBuild(serving);
    outcomes.add(served === next);
    await serving.sync(gold[next].files);
    expect(await servedBuild(serving)).toBe(next);
    await serving.close();
    expect(await stagedRows(path)).toBe(0);
    current = next;
    if (end === 0) break;
    expect(end).toBe('SIGKILL');
    kills += 1;
  }
  expect(kills).toBeGreaterThan(8);
  // Some kills came before the plan was written (the old build stays), some after (the new one is rolled forward).
  expect(outcomes).toEqual(new Set([false, true]));
});

it('says who holds the directory', async () => {
  const serving = await Serving.open({ path });
  const other = Serving.open({ path: join(directory, 'other') });
  await expect(other).rejects.toThrow(DirectoryInUseError);
  await expect(other).rejects.toThrow('already holds another');
  const { end, said } = await runKilledSync(path, gold[0].files.directory, 0);
  await serving.close();
  expect(end).toBe(1);
  expect(said).toContain(
    `DirectoryInUseError: The ClickHouse directory ${path} is owned by process ${process.pid}`,
  );
});
