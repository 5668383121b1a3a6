// kpis.md §2. The build has the same lists in dbt/macros/events.sql.

/** A normal end of a stream, or the fault of somebody else than the orchestrator. */
export const EXCUSED_MESSAGES = [
  'no orchestrators available',
  'mediamtx ingest disconnected',
  'whip disconnected',
  'missing video',
  'ice connection state failed',
  'user disconnected',
  'channel exists but sequence does not',
  'credit_exhaustion',
  'non-h264 video',
  'setremotedescription failed',
  'error gathering tracks',
] as const;

/** Neither accuse nor excuse: a segment is skipped and the stream goes on, or parameters are refused. */
export const HARMLESS_MESSAGES = [
  'next segment has started',
  'missing next handle',
  'error updating params',
] as const;

/** Whether an error counts against the orchestrator. */
export type Weight = 'excused' | 'harmless' | 'not excused';

/** What an error with this message weighs; one that is both is excused. */
export function weightOf(message: string | null): Weight {
  // The ASCII letters alone have two cases here.
  const text = (message ?? '').replace(/[A-Z]/g, letter =>
    letter.toLowerCase(),
  );
  const has = (parts: readonly string[]) =>
    parts.some(part => text.includes(part));
  if (has(EXCUSED_MESSAGES)) return 'excused';
  return has(HARMLESS_MESSAGES) ? 'harmless' : 'not excused';
}
