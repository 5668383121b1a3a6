import { FailureReason, KpiId, RequestRow } from '@naap/plugin-naap-common';

/** What the requests are that the API names for a KPI, for a heading. */
export const REQUESTS_BEHIND: Record<KpiId, string> = {
  output_fps: 'Requests with output samples, fewest frames first',
  ptff: 'Requests with a first frame, slowest first',
  e2e: 'Requests with an E2E latency, slowest first',
  startup: 'Requests with a startup, slowest first',
  jitter: 'Requests with a jitter coefficient, unsteadiest first',
  failure_rate: 'Failed requests',
  swap_rate: 'Swapped requests',
  cue: 'Requests with output on a known GPU, fewest frames first',
};

/** Those that have no order but time. */
export const BY_TIME: readonly KpiId[] = ['failure_rate', 'swap_rate'];

/** Why requests failed, the most frequent reason first. */
export function countReasons(
  rows: readonly RequestRow[],
): Array<{ reason: FailureReason; count: number }> {
  const counts = new Map<FailureReason, number>();
  for (const { outcome, reason } of rows) {
    if (outcome === 'failed' && reason) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}
