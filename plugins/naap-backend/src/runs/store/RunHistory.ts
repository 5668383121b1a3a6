import type {
  Run,
  RunListQuery,
  RunState,
  RunTrigger,
  StepId,
} from '@naap/plugin-naap-common';
import type { Knex } from 'knex';
import { durationOf, ENDED, RunRow, toRun } from './rows';

/** How a step stands, for `GET /steps`. */
export interface StepStanding {
  running: Run | null;
  queued: number;
  lastRun: Run | null;
  lastSuccess: Run | null;
  usualDurationMs: number | null;
}

/** The usual duration is the median of this many runs. */
const USUAL_RUNS = 20;
/** Nobody asked for these: there are many, and few that somebody wants to see again. */
const AUTOMATIC: RunTrigger[] = ['loop', 'schedule'];
const AUTOMATIC_KEPT = 500;
const OTHERS_KEPT_MS = 90 * 24 * 3_600_000;

/** What ran, runs and waits, to look at, and how long it is kept. */
export class RunHistory {
  constructor(private readonly knex: Knex) {}

  async get(id: string): Promise<Run | undefined> {
    const row = await this.#runs().where({ id }).first();
    return row && toRun(row);
  }

  /** Why a run failed: the error's message, and its class where that is known. */
  async failure(
    id: string,
  ): Promise<{ name: string | null; message: string | null } | undefined> {
    return this.#runs()
      .where({ id })
      .first({ name: 'error_name', message: 'error' });
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
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? sorted[middle]
    : Math.round((sorted[middle - 1] + sorted[middle]) / 2);
}
