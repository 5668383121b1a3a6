import type {
  Run,
  RunState,
  RunTrigger,
  StepId,
} from '@naap/plugin-naap-common';

/** A row of `naap_runs`. */
export interface RunRow {
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
  error_name: string | null;
  touches: string | null;
  lease_until: string | number | null;
  cancelled_by: string | null;
}

export const ENDED = ['succeeded', 'failed', 'cancelled', 'lost'] as const;

export const hasEnded = ({ state }: Pick<Run, 'state'>): boolean =>
  (ENDED as readonly RunState[]).includes(state);

/** PostgreSQL gives dates, SQLite Unix ms. */
export const iso = (at: Date | number) => new Date(at).toISOString();

export function durationOf(
  row: Pick<RunRow, 'started_at' | 'finished_at'>,
): number | null {
  const { started_at: started, finished_at: finished } = row;
  return started === null || finished === null
    ? null
    : Number(new Date(finished)) - Number(new Date(started));
}

export function toRun(row: RunRow): Run {
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
    error: row.error_name ? `${row.error_name}: ${row.error}` : row.error,
  };
}
