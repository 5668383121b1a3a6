import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import type {
  Run,
  RunState,
  RunTrigger,
  StepArguments,
  StepId,
} from '@naap/plugin-naap-common';
import { STAGES, type Touches } from '@naap/plugin-naap-node';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { databaseAfter, databaseNow, isShared } from '../../database';
import { RunRow, toRun } from './rows';
import { getInTheWay } from './touches';

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
  /** Its class, where it has one; `error` is its message alone then. */
  errorName?: string;
}

const DIED = 'The process that ran it died';
/** PostgreSQL's lock of those who claim: any number that nobody else here takes. */
const CLAIMS = 7_011_001;

/** Of a replica of before it was kept: it may touch anything. */
const ANYTHING: Touches = { reads: [], writes: STAGES };

/**
 * What waits and what runs. Indexes of the table keep what must hold across replicas: one running run of a step, and one
 * queued run of a step with the same arguments.
 */
export class RunQueue {
  constructor(private readonly knex: Knex) {}

  /** Whether other processes may use it. */
  get isShared(): boolean {
    return isShared(this.knex);
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

  /**
   * Makes the oldest queued run the owner's that nothing is in the way of, or answers undefined: no run of its step, none
   * that reads or writes what it writes or writes what it reads, and no older one that waits and will.
   *
   * @param steps - those that the owner can run, with what they read and write
   */
  async claim(
    steps: ReadonlyMap<StepId, Touches>,
    owner: string,
    leaseMs: number,
  ): Promise<Run | undefined> {
    const waiting = await this.#runs()
      .where('state', 'queued')
      .whereIn('step', [...steps.keys()])
      .first('id');
    if (!waiting) return undefined;
    try {
      return await this.knex.transaction(async transaction => {
        // SQLite has one connection, so that nobody else is between look and claim.
        if (this.isShared) {
          await transaction.raw('select pg_advisory_xact_lock(?)', [CLAIMS]);
        }
        return new RunQueue(transaction).#claimNext(steps, owner, leaseMs);
      });
    } catch (error) {
      // A replica of before began a run of the step at this very moment; the next look finds what is left.
      if (!isDatabaseConflictError(error)) throw error;
      return undefined;
    }
  }

  async #claimNext(
    steps: ReadonlyMap<StepId, Touches>,
    owner: string,
    leaseMs: number,
  ): Promise<Run | undefined> {
    const running = await this.#runs()
      .where('state', 'running')
      .select('step', 'touches');
    const ahead = running.map(({ step, touches }) => ({
      step,
      touches: touches === null ? ANYTHING : (JSON.parse(touches) as Touches),
    }));
    const waiting = await this.#runs()
      .where('state', 'queued')
      .whereIn('step', [...steps.keys()])
      .orderBy('seq')
      .select('id', 'step');
    for (const { id, step } of waiting) {
      const touches = steps.get(step)!;
      const isFree = ahead.every(
        other => other.step !== step && !getInTheWay(touches, other.touches),
      );
      if (isFree) return this.#begin(id, touches, owner, leaseMs);
      // It must not wait for ever for others that pass it one after the other.
      ahead.push({ step, touches });
    }
    return undefined;
  }

  async #begin(
    id: string,
    { reads, writes }: Touches,
    owner: string,
    leaseMs: number,
  ): Promise<Run | undefined> {
    const [row] = await this.#runs()
      .where({ id, state: 'queued' })
      .update({
        state: 'running',
        owner,
        touches: JSON.stringify({ reads, writes }),
        started_at: new Date(),
        lease_until: databaseAfter(this.knex, leaseMs),
      })
      .returning('*');
    return row && toRun(row);
  }

  /** Renews the lease of a running run and tells who wants its end; undefined when it isn't the owner's any more. */
  async beat(
    id: string,
    owner: string,
    leaseMs: number,
  ): Promise<{ cancelledBy: string | null } | undefined> {
    const [row] = await this.#runs()
      .where({ id, owner, state: 'running' })
      .update({ lease_until: databaseAfter(this.knex, leaseMs) })
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
        error_name: outcome.errorName,
      })
      .returning('*');
    return row && toRun(row);
  }

  /** Cancels a queued run at once and asks the owner of a running one for its end. */
  async cancel(id: string, by: string): Promise<void> {
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
  }

  /**
   * Takes running runs for lost whose lease is over, and queues each once more; not one that somebody wanted to end,
   * nor one that is a recovery already: it may be what kills the process. Answers the lost ones.
   */
  async recoverExpired(except: string[] = []): Promise<Run[]> {
    const dead = await this.#runs()
      .where('state', 'running')
      .whereNotIn('id', except)
      .where('lease_until', '<', databaseNow(this.knex));
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
        await new RunQueue(transaction).enqueue({
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

  #runs() {
    return this.knex('naap_runs');
  }
}
