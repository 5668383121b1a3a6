import type { ServedState } from '@naap/plugin-naap-common';

/** now − watermark; null without one. */
export function freshnessMs({
  watermark,
}: Pick<ServedState, 'watermark'>): number | null {
  return watermark === null ? null : Date.now() - Date.parse(watermark);
}

/** p95 of (sync finished − came in) over the events that the served build took; null when it took none, or all again. */
export function eventToServedP95Ms({
  build,
  syncedAt,
}: Pick<ServedState, 'build' | 'syncedAt'>): number | null {
  const since = build?.arrivedSince ?? null;
  return since === null || syncedAt === null
    ? null
    : Date.parse(syncedAt) - Date.parse(since);
}
