// A normal end of a stream, or the fault of somebody else than the orchestrator (kpis.md §2). The build has the same in
// dbt/macros/events.sql.
export const EXCUSED_MESSAGES = [
  'no orchestrators available',
  'mediamtx ingest disconnected',
  'whip disconnected',
  'missing video',
  'ice connection state failed',
  'user disconnected',
  'channel exists but sequence does not',
] as const;

/** Whether an error with this message never makes a request fail. */
export function isExcused(message: string | null): boolean {
  const text = (message ?? '').toLowerCase();
  return EXCUSED_MESSAGES.some(part => text.includes(part));
}
