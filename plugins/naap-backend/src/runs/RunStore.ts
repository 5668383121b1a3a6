import {
  type DatabaseService,
  isDatabaseConflictError,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import type {
  Run,
  RunListQuery,
  RunLogLine,
  RunState,
  RunTrigger,
  StepArguments,
  StepId,
} from '@naap/plugin-naap-common';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';

export const MIGRATIONS = resolvePackagePath(
  '@naap/plugin-naap-backend',
  'migrations',
);

/** Why somebody wants a run. */
export interface RunRequest {
  step: StepId;
  /** As `runArguments` makes them. */
  arguments: StepArguments;
  trigger: RunTrigger;
  startedBy: string;
  retryOf?: string;
}

/** How a run ended. */
export interface RunOutcome {
  state: Extract<RunState, 'succeeded' | 'failed' | 'cancelled'>;
  rows?: number;
  changed?: boolean;
  details?: Record<string, unknown>;
  error?: string;
}

/** How a step stands, for `GET /steps`. */
export interface StepStanding {
  running: Run | null;
  queued: number;
  lastRun: Run | null;
  lastSuccess: Run | null;
  usualDurationMs: number | null;
}

const DIED = 'The process that ran it died';
const ENDED = ['succeeded', 'failed', 'cancelled', 'lost'] as const;
/** The usual duration is the median of this many runs. */
const USUAL_RUNS = 20;
/** Nobody asked for these: there are many, and few that somebody wants to see again. */
const AUTOMATIC: RunTrigger[] = ['loop', 'schedule'];
const AUTOMATIC_KEPT = 500;
const OTHERS_KEPT_MS = 90 * 24 * 3_600_000;

export const hasEnded = ({ state }: Pick<Run, 'state'>): boolean =>
  (ENDED as readonly RunState[]).includes(state);

interface RunRow {
  id: string;
  seq: string | number;
  step: StepId;
  state: RunState;
  trigger: RunTrigger;
  started_by: string;
  arguments: string;
  retry_of: string | null;
  created_at: Date | number;
  started_at: Date | number | null;
  finished_at: Date | number | null;
  rows: string | number | null;
  changed: boolean | number | null;
  details: string | null;
  error: string | null;
  lease_until: string | number | null;
  cancelled_by: string | null;
}

/** PostgreSQL gives dates, SQLite Unix ms. */
const iso = (at: Date | number) => new Date(at).toISOString();

function durationOf(
  row: Pick<RunRow, 'started_at' | 'finished_at'>,
): number | null {
  const { started_at: started, finished_at: finished } = row;
  return started === null || finished === null
    ? null
    : Number(new Date(finished)) - Number(new Date(started));
}

function toRun(row: RunRow): Run {
  const { started_at: started, finished_at: finished } = row;
  return {
    id: row.id,
    step: row.step,
    state: row.state,
    trigger: row.trigger,
    startedBy: row.started_by,
    arguments: JSON.parse(row.arguments),
    retryOf: row.retry_of,
    createdAt: iso(row.created_at),
    startedAt: started === null ? null : iso(started),
    finishedAt: finished === null ? null : iso(finished),
    durationMs: durationOf(row),
    rows: row.rows === null ? null : Number(row.rows),
    changed: row.changed === null ? null : Boolean(row.changed),
    details: row.details === null ? null : JSON.parse(row.details),
    error: row.error,
  };
}

const toLine = (row: Omit<RunLogLine, 'at'> & { at: Date | number }) => ({
  ...row,
  at: iso(row.at),
});

/**
 * Runs in the portal's database, on SQLite and PostgreSQL alike. Indexes of the tables keep what must hold across
 * replicas: one running run of a step, and one queued run of a step with the same arguments.
 */
export class RunStore {
  /** Unix ms by the clock that all replicas share. */
  readonly #now: Knex.Raw;

  constructor(private readonly knex: Knex) {
    this.#now = this.isShared
      ? knex.raw('(extract(epoch from clock_timestamp()) * 1000)::bigint')
      : knex.raw(
          "cast((julianday('now') - 2440587.5) * 86400000.0 as integer)",
        );
  }

  /** The store of the plugin's own database, migrated unless the configuration says to skip that. */
  static async create(database: DatabaseService): Promise<RunStore> {
    const knex = await database.getClient();
    if (!database.migrations?.skip) {
      await knex.migrate.latest({ directory: MIGRATIONS });
    }
    return new RunStore(knex);
  }

  /** Whether other processes may use the database: SQLite has one. */
  get isShared(): boolean {
    return !String(this.knex.client.config.client).includes('sqlite');
  }

  /** Queues a run, or answers the queued one that asks for the same. */
  async enqueue(request: RunRequest): Promise<Run> {
    const asked = {
      step: request.step,
      arguments: JSON.stringify(request.arguments),
      state: 'queued',
    };
    for (;;) {
      const [inserted] = await this.#runs()
        .insert({
          ...asked,
          id: randomUUID(),
          trigger: request.trigger,
          started_by: request.startedBy,
          retry_of: request.retryOf,
          created_at: new Date(),
        })
        .onConflict()
        .ignore()
        .returning('*');
      const row = inserted ?? (await this.#runs().where(asked).first());
      if (row) return toRun(row);
    }
  }

  /** Makes the oldest queued run whose step runs nowhere the owner's, or answers undefined. */
  async claim(
    steps: StepId[],
    owner: string,
    leaseMs: number,
  ): Promise<Run | undefined> {
    for (;;) {
      const next = await this.#runs()
        .where('state', 'queued')
        .whereIn('step', steps)
        .whereNotIn(
          'step',
          this.#runs().select('step').where('state', 'running'),
        )
        .orderBy('seq')
        .first('id');
      if (!next) return undefined;
      try {
        const [row] = await this.#runs()
          .where({ id: next.id, state: 'queued' })
          .update({
            state: 'running',
            owner,
            started_at: new Date(),
            lease_until: this.#after(leaseMs),
          })
          .returning('*');
        if (row) return toRun(row);
      } catch (error) {
        // Another replica began a run of the step at this very moment.
        if (!isDatabaseConflictError(error)) throw error;
      }
    }
  }

  /** Renews the lease of a running run and tells who wants its end; undefined when it isn't the owner's any more. */
  async beat(
    id: string,
    owner: string,
    leaseMs: number,
  ): Promise<{ cancelledBy: string | null } | undefined> {
    const [row] = await this.#runs()
      .where({ id, owner, state: 'running' })
      .update({ lease_until: this.#after(leaseMs) })
      .returning('cancelled_by');
    return row && { cancelledBy: row.cancelled_by };
  }

  /** Ends a running run; undefined when it isn't the owner's any more. */
  async finish(
    id: string,
    owner: string,
    outcome: RunOutcome,
  ): Promise<Run | undefined> {
    const [row] = await this.#runs()
      .where({ id, owner, state: 'running' })
      .update({
        state: outcome.state,
        finished_at: new Date(),
        rows: outcome.rows,
        changed: outcome.changed,
        details: outcome.details && JSON.stringify(outcome.details),
        // PostgreSQL has no NUL in texts.
        error: outcome.error?.replaceAll('\0', ''),
      })
      .returning('*');
    return row && toRun(row);
  }

  /** Cancels a queued run at once and asks the owner of a running one for its end. Answers the run as it is then. */
  async cancel(id: string, by: string): Promise<Run | undefined> {
    await this.#runs()
      .where({ id, state: 'queued' })
      .update({
        state: 'cancelled',
        finished_at: new Date(),
        cancelled_by: by,
        error: `Cancelled by ${by}`,
      });
    await this.#runs()
      .where({ id, state: 'running' })
      .whereNull('cancelled_by')
      .update({ cancelled_by: by });
    return this.get(id);
  }

  /**
   * Takes running runs for lost whose lease is over, and queues each once more; not one that somebody wanted to end,
   * nor one that is a recovery already: it may be what kills the process. Answers the lost ones.
   */
  async recoverExpired(except: string[] = []): Promise<Run[]> {
    const dead = await this.#runs()
      .where('state', 'running')
      .whereNotIn('id', except)
      .where('lease_until', '<', this.#now);
    return this.#lose(dead, DIED);
  }

  /** The same for every running run: for the start of the only process there is. */
  async recoverAll(): Promise<Run[]> {
    const dead = await this.#runs().where('state', 'running');
    return this.#lose(dead, DIED);
  }

  /** The same for one run that its owner, being well, gives up: a recovery too is queued once more. */
  async abandon(id: string, owner: string): Promise<Run[]> {
    const mine = await this.#runs().where({ id, owner, state: 'running' });
    return this.#lose(mine, 'The process that ran it gave it up', () => true);
  }

  async get(id: string): Promise<Run | undefined> {
    const row = await this.#runs().where({ id }).first();
    return row && toRun(row);
  }

  /**
   * Newest first, with their numbers.
   *
   * @param before - only runs with a lower number
   */
  async list(
    query: Omit<RunListQuery, 'cursor'> & { limit: number; offset: number },
    before?: number,
  ): Promise<{ total: number; rows: Array<{ seq: number; run: Run }> }> {
    const matching = this.#runs().modify(runs => {
      if (query.step) runs.where('step', query.step);
      if (query.state) runs.whereIn('state', query.state);
      if (query.trigger) runs.whereIn('trigger', query.trigger);
    });
    const [{ total }] = await matching.clone().count({ total: '*' });
    if (before !== undefined) matching.where('seq', '<', before);
    const rows = await matching
      .orderBy('seq', 'desc')
      .limit(query.limit)
      .offset(query.offset);
    return {
      total: Number(total),
      rows: rows.map((row: RunRow) => ({
        seq: Number(row.seq),
        run: toRun(row),
      })),
    };
  }

  /** How many runs wait. */
  async queued(): Promise<number> {
    const [{ total }] = await this.#runs()
      .where('state', 'queued')
      .count({ total: '*' });
    return Number(total);
  }

  /** Whether a run of the step waits or runs, anywhere. */
  async isActive(step: StepId): Promise<boolean> {
    const row = await this.#runs()
      .where({ step })
      .whereIn('state', ['queued', 'running'])
      .first('id');
    return row !== undefined;
  }

  /** The newest run of the step that has ended. */
  lastEnded(step: StepId): Promise<Run | undefined> {
    return this.#newest(step, ENDED);
  }

  async standing(step: StepId): Promise<StepStanding> {
    const [running, [{ queued }], lastRun, lastSuccess, usual] =
      await Promise.all([
        this.#newest(step, ['running']),
        this.#runs().where({ step, state: 'queued' }).count({ queued: '*' }),
        this.lastEnded(step),
        this.#newest(step, ['succeeded']),
        this.#runs()
          .where({ step, state: 'succeeded', changed: true })
          .orderBy('seq', 'desc')
          .limit(USUAL_RUNS)
          .select('started_at', 'finished_at'),
      ]);
    return {
      running: running ?? null,
      queued: Number(queued),
      lastRun: lastRun ?? null,
      lastSuccess: lastSuccess ?? null,
      usualDurationMs: median(usual.map(row => durationOf(row) ?? 0)),
    };
  }

  /** Lines that are there already, because an answer of the database got lost, stay as they are. */
  async appendLog(id: string, lines: RunLogLine[]): Promise<void> {
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
  async log(id: string, after: number, limit: number): Promise<RunLogLine[]> {
    const rows = await this.#lines(id)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit);
    return rows.map(toLine);
  }

  /** The last lines, oldest first. */
  async lastLines(id: string, limit: number): Promise<RunLogLine[]> {
    const rows = await this.#lines(id).orderBy('seq', 'desc').limit(limit);
    return rows.map(toLine).reverse();
  }

  /** Forgets what the loop and schedules ran but the newest 500 of each step, and others after 90 days. */
  async prune(steps: StepId[]): Promise<void> {
    const ended = () => this.#runs().whereIn('state', [...ENDED]);
    for (const step of steps) {
      const automatic = () =>
        ended().where({ step }).whereIn('trigger', AUTOMATIC);
      const oldest = await automatic()
        .orderBy('seq', 'desc')
        .offset(AUTOMATIC_KEPT)
        .first('seq');
      if (oldest) await automatic().where('seq', '<=', oldest.seq).delete();
    }
    await ended()
      .whereNotIn('trigger', AUTOMATIC)
      .where('finished_at', '<', new Date(Date.now() - OTHERS_KEPT_MS))
      .delete();
  }

  /** Marks runs as lost, each in one transaction with the run that takes its place. */
  async #lose(
    rows: RunRow[],
    why: string,
    again: (run: RunRow) => boolean = ({ trigger }) => trigger !== 'recovery',
  ): Promise<Run[]> {
    const lost: Run[] = [];
    for (const row of rows) {
      await this.knex.transaction(async transaction => {
        const [ended] = await transaction<RunRow>('naap_runs')
          .where({
            id: row.id,
            state: 'running',
            lease_until: row.lease_until,
          })
          .update({
            state: 'lost',
            finished_at: new Date(),
            error: why,
          })
          .returning('*');
        if (!ended) return;
        lost.push(toRun(ended));
        if (ended.cancelled_by !== null || !again(ended)) return;
        await new RunStore(transaction).enqueue({
          step: row.step,
          arguments: JSON.parse(row.arguments),
          trigger: 'recovery',
          startedBy: row.started_by,
          retryOf: row.id,
        });
      });
    }
    return lost;
  }

  async #newest(
    step: StepId,
    states: readonly RunState[],
  ): Promise<Run | undefined> {
    const row = await this.#runs()
      .where({ step })
      .whereIn('state', [...states])
      .orderBy('seq', 'desc')
      .first();
    return row && toRun(row);
  }

  #runs() {
    return this.knex('naap_runs');
  }

  #lines(id: string) {
    return this.knex('naap_run_logs')
      .where('run_id', id)
      .select('seq', 'at', 'level', 'message');
  }

  #after(ms: number): Knex.Raw {
    return this.knex.raw('? + ?', [this.#now, ms]);
  }
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? sorted[middle]
    : Math.round((sorted[middle - 1] + sorted[middle]) / 2);
}
