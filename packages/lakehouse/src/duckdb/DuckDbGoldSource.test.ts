import { DuckDBInstance } from '@duckdb/node-api';
import { goldSourceContract } from '@naap/serving/testing';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Homes } from '../__testUtils__/homes';
import { LakeWorker } from '../LakeWorker';
import { pythonExecutable, pythonPath } from '../python';
import { holdIn } from '../rights';
import { DuckDbGoldSource } from './DuckDbGoldSource';

const homes = new Homes();
const worker = new LakeWorker();

afterAll(async () => {
  await worker.stop();
  homes.removeAll();
});

/** Rows by day of Parquet files. */
async function read(files: string[]): Promise<Record<string, number>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const list = files.map(file => `'${file}'`);
    const answer = await connection.runAndReadAll(
      `SELECT day::VARCHAR, count(*)::INT FROM read_parquet([${list}]) GROUP BY 1`,
    );
    return Object.fromEntries(answer.getRows());
  } finally {
    connection.closeSync();
  }
}

describe('gold in a DuckDB file', () => {
  goldSourceContract(async () => {
    const home = homes.create();
    return {
      gold: new DuckDbGoldSource(home, worker),
      // What a build holds, and what it leaves.
      async build(id, days) {
        const right = await holdIn(home, 'warehouse');
        try {
          execFileSync(
            pythonExecutable(),
            [join(pythonPath(), 'tests', 'gold_fixture.py'), home, id],
            {
              input: JSON.stringify(days),
              env: { ...process.env, PYTHONPATH: pythonPath() },
            },
          );
        } finally {
          await right.release();
        }
      },
      read,
      close: async () => {},
    };
  });
});
