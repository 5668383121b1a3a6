/**
 * A day of the network (830,000 events, 470 MB) through the real command: ingest, full build, one minute more built in,
 * sync. Prints each time with its limit, the peak memory of all processes, and what a bare DuckDB pass over the same
 * file takes in the same run.
 *
 *     node bench/day.ts [FILE]      an NDJSON day; without one it is simulated first
 */
import { spawn } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'naap-bench-'));
const home = join(work, 'home');
const DAY = Date.UTC(2026, 0, 15);
const DAY_MS = 86_400_000;
const RATE = '830000';

/** Resident memory of a process and all that it started, in MB. */
function residentMb(pid: number): number {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
      // Files mapped by several processes count once each: pages that are this process's own.
      resident.set(
        Number(name),
        Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
      );
    } catch {
      // It ended meanwhile.
    }
  }
  let total = 0;
  for (const [process_, mb] of resident) {
    let at: number | undefined = process_;
    while (at !== undefined && at !== pid && at > 1) at = parents.get(at);
    if (at === pid) total += mb;
  }
  return total;
}

interface Measured {
  seconds: number;
  peakMb: number;
  stdout: string;
}

async function run(
  command: string,
  args: string[],
  output?: string,
): Promise<Measured> {
  const began = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, NAAP_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  if (output) child.stdout.pipe(createWriteStream(output));
  else child.stdout.on('data', data => (stdout += data));
  let peakMb = 0;
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(child.pid ?? 0));
  }, 200);
  const code = await new Promise(resolve => child.once('close', resolve));
  clearInterval(sampler);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - began) / 1000, peakMb, stdout };
}

const naap = (...args: string[]) => run(join(root, 'naap'), args);
const iso = (ms: number) => new Date(ms).toISOString();

async function simulate(
  from: number,
  to: number,
  file: string,
): Promise<string> {
  await run(
    join(root, 'naap'),
    [
      'simulate',
      '--from',
      iso(from),
      '--to',
      iso(to),
      '--events-per-day',
      RATE,
    ],
    file,
  );
  return file;
}

const BARE = `
import duckdb, sys
c = duckdb.connect()
c.execute("set threads = 2")
print(c.execute("""
  select type, count(*), avg(try_cast(json_extract_string(data, '$.inference_status.fps') as double))
  from read_json(?, columns = {id: 'varchar', type: 'varchar', timestamp: 'varchar', gateway: 'varchar', data: 'json'},
                 format = 'newline_delimited', ignore_errors = true)
  group by 1""", [sys.argv[1]]).fetchall(), file=sys.stderr)
`;

async function main(): Promise<void> {
  try {
    const day =
      process.argv[2] ??
      (await simulate(DAY, DAY + DAY_MS, join(work, 'day.ndjson')));
    const end = DAY + DAY_MS;
    const minute = await simulate(
      end,
      end + 60_000,
      join(work, 'minute.ndjson'),
    );
    const python = join(
      process.env.NAAP_TOOLS ?? join(root, '.tools'),
      'venv/bin/python',
    );
    const bare = await run(python, ['-c', BARE, day]);
    const rows: Array<[name: string, measured: Measured, limit: number]> = [
      ['ingest a day', await naap('ingest', day), 15],
      ['build in full', await naap('build'), 30],
      ['sync it', await naap('sync'), 5],
    ];
    await naap('ingest', minute);
    rows.push(
      ['build a minute more', await naap('build'), 8],
      ['sync that', await naap('sync'), 5],
    );

    const megabytes = Math.round(statSync(day).size / 1e6);
    console.log(
      `${megabytes} MB; a bare DuckDB pass over the file takes ${bare.seconds.toFixed(
        1,
      )} s`,
    );
    for (const [name, { seconds, peakMb }, limit] of rows) {
      console.log(
        `${name.padEnd(20)} ${seconds
          .toFixed(1)
          .padStart(6)} s   limit ${String(limit).padStart(2)} s   ` +
          `${(seconds / limit).toFixed(2)} of the limit   ${(
            seconds / bare.seconds
          ).toFixed(1)} x bare   peak ${Math.round(peakMb)} MB`,
      );
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
