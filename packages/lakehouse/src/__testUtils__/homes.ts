import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonExecutable, pythonPath } from '../python';
import type { LogAppend } from '../testing/logRows';

/** Temporary homes; `removeAll` belongs into `afterAll`. */
export class Homes {
  readonly #all: string[] = [];

  create(): string {
    const home = mkdtempSync(join(tmpdir(), 'naap-lakehouse-'));
    this.#all.push(home);
    return home;
  }

  removeAll(): void {
    for (const home of this.#all) rmSync(home, { recursive: true });
  }
}

/** Writes a new event log, of one segment, into a home. */
export function writeLog(home: string, appends: LogAppend[]): void {
  runFixture('log_fixture.py', [home], appends);
}

/** Writes what a log of another partition than the home's own would have brought into the tables. */
export function writePartition(
  home: string,
  partition: number,
  appends: LogAppend[],
): void {
  runFixture('partition_fixture.py', [home, String(partition)], appends);
}

/** Drops the tables of the lake that the tests are given (NAAP_TEST_LAKE), and makes them anew. */
export function resetSharedLake(): void {
  runFixture('shared_lake.py', ['reset']);
}

/** Appends what the lake of a home has beyond it, as a sink would. */
export function appendToSharedLake(home: string): void {
  runFixture('shared_lake.py', ['append', home]);
}

function runFixture(
  name: string,
  args: string[],
  appends: LogAppend[] = [],
): void {
  execFileSync(
    pythonExecutable(),
    [join(pythonPath(), 'tests', name), ...args],
    {
      env: { ...process.env, PYTHONPATH: pythonPath() },
      input: appends
        .map(({ receivedAt, rows }) => JSON.stringify([receivedAt, rows]))
        .join('\n'),
    },
  );
}
