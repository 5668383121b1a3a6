import type { Knex } from 'knex';
import { RunHistory } from './RunHistory';
import { RunLogs } from './RunLogs';
import { RunQueue } from './RunQueue';

/** Runs in the portal's database, on SQLite and PostgreSQL alike. */
export class RunStore {
  readonly queue: RunQueue;
  readonly history: RunHistory;
  readonly logs: RunLogs;

  /** @param knex - a migrated database */
  constructor(knex: Knex) {
    this.queue = new RunQueue(knex);
    this.history = new RunHistory(knex);
    this.logs = new RunLogs(knex);
  }
}
