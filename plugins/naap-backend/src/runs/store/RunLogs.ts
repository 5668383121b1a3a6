import type { RunLogLine } from '@naap/plugin-naap-common';
import type { Knex } from 'knex';
import { iso } from './rows';

const toLine = (row: Omit<RunLogLine, 'at'> & { at: Date | number }) => ({
  ...row,
  at: iso(row.at),
});

/** The log lines of runs. They go with their run. */
export class RunLogs {
  constructor(private readonly knex: Knex) {}

  /** Lines that are there already, because an answer of the database got lost, stay as they are. */
  async append(id: string, lines: RunLogLine[]): Promise<void> {
    const rows = lines.map(line => ({
      ...line,
      at: new Date(line.at),
      run_id: id,
    }));
    await this.knex('naap_run_logs')
      .insert(rows)
      .onConflict(['run_id', 'seq'])
      .ignore();
  }

  /** Lines after a line, oldest first. */
  async after(id: string, line: number, limit: number): Promise<RunLogLine[]> {
    const rows = await this.#lines(id)
      .where('seq', '>', line)
      .orderBy('seq')
      .limit(limit);
    return rows.map(toLine);
  }

  /** The last lines, oldest first. */
  async last(id: string, limit: number): Promise<RunLogLine[]> {
    const rows = await this.#lines(id).orderBy('seq', 'desc').limit(limit);
    return rows.map(toLine).reverse();
  }

  #lines(id: string) {
    return this.knex('naap_run_logs')
      .where('run_id', id)
      .select('seq', 'at', 'level', 'message');
  }
}
