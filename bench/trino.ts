/**
 * Days of the network built on Trino: in full, and a minute more. Prints the seconds of each with its limit, and what a million events
 * cost in full.
 *
 *     node --require @backstage/cli/config/nodeTransform.cjs bench/trino.ts [EVENTS...]      830000 by default, the day that limits are for
 *
 * On a stack that NAAP_TEST_LAKE and NAAP_TEST_TRINO name, JSON as `naap.lake` and `naap.trino`: its tables are made anew.
 */
import { spawn } from 'child_process';
import { once } from 'events';
import { mkdir, mkdtemp, open, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { DbtProject, DbtRunner, LakeWorker } from '@naap/lakehouse';

const ROOT = join(__dirname, '..');
const PYTHON = join(ROOT, 'packages/lakehouse/python');
const DAY = Date.UTC(2026, 0, 15);
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LIMITED_EVENTS = 830_000;
const LIMITS_S = { full: 180, minute: 25 };

const shared = {
  lake: JSON.parse(process.env.NAAP_TEST_LAKE!),
  trino: JSON.parse(process.env.NAAP_TEST_TRINO!),
};

async function run(
  command: string,
  args: string[],
  { env, output }: { env?: NodeJS.ProcessEnv; output?: string } = {},
): Promise<void> {
  const file = output ? await open(output, 'w') : undefined;
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', file?.fd ?? 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'close');
  await file?.close();
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${code}`);
}

/** Seconds that some work takes. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function report(name: string, seconds: number, more: object): void {
  const line = { name, seconds: Math.round(seconds * 10) / 10, ...more };
  console.log(JSON.stringify(line));
}

async function measure(events: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'naap-bench-trino-'));
  const home = join(folder, 'home');
  const builder = join(folder, 'builder');
  await mkdir(builder);
  const worker = new LakeWorker();
  const naap = (args: string[], output?: string) =>
    run(join(ROOT, 'naap'), args, { env: { NAAP_HOME: home }, output });
  const sharedLake = (...args: string[]) =>
    run(
      join(process.env.NAAP_TOOLS ?? join(ROOT, '.tools'), 'venv/bin/python'),
      [join(PYTHON, 'tests/shared_lake.py'), ...args],
      { env: { PYTHONPATH: PYTHON } },
    );
  /** Simulated messages of a time, in bronze of the stack. */
  const send = async (from: number, to: number) => {
    const file = join(folder, 'messages.ndjson');
    const [begin, end] = [from, to].map(ms => new Date(ms).toISOString());
    await naap(
      [
        ...['simulate', '--from', begin, '--to', end],
        ...['--events-per-day', String(events)],
      ],
      file,
    );
    await naap(['ingest', file]);
    await worker.call('commit', { home });
    await sharedLake('append', home);
  };
  const dbt = new DbtRunner(builder, worker, new DbtProject(builder), {
    shared,
  });
  const limitS = (name: keyof typeof LIMITS_S, seconds: number) => {
    if (events !== LIMITED_EVENTS) return {};
    if (seconds > LIMITS_S[name]) process.exitCode = 1;
    return { limit: LIMITS_S[name] };
  };
  try {
    await sharedLake('reset');
    await send(DAY, DAY + DAY_MS);
    const full = await secondsOf(() => dbt.run({ full: true }));
    report('build in full', full, {
      events,
      ...limitS('full', full),
      secondsPerMillion: Math.round((full / events) * 1e6),
    });
    await send(DAY + DAY_MS, DAY + DAY_MS + MINUTE_MS);
    const minute = await secondsOf(() => dbt.run());
    report('build a minute more', minute, {
      events,
      ...limitS('minute', minute),
    });
  } finally {
    await worker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number);
  for (const events of sizes.length ? sizes : [LIMITED_EVENTS]) {
    await measure(events);
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
