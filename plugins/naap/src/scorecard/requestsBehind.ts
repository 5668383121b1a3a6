import {
  FailureReason,
  KpiId,
  Outcome,
  RequestRow,
} from '@naap/plugin-naap-common';

/** The requests that a KPI counts. */
export interface RequestsBehind {
  /** What they are, for a heading. */
  title: string;
  /** What the API is asked for; without it all outcomes. */
  outcome?: Outcome[];
  /** Which of those count, where the API cannot tell. */
  counts?: (row: RequestRow) => boolean;
  /** Worst first: greater is worse. Without it newest first. */
  badness?: (row: RequestRow) => number;
}

type Latency = 'ptff_ms' | 'e2e_ms' | 'startup_ms';

function slowest(title: string, fact: Latency, overlay: boolean) {
  return {
    title: `${title}, slowest first`,
    counts: (row: RequestRow) =>
      row[fact] !== null && (overlay || !row.overlay),
    badness: (row: RequestRow) => row[fact] ?? 0,
  };
}

const withOutput = (row: RequestRow) => row.fps_mean !== null;
const fewestFrames = (row: RequestRow) => -(row.fps_mean ?? 0);

/** By the column "of one request" of kpis.md §3. */
const BEHIND: Record<KpiId, RequestsBehind> = {
  output_fps: {
    title: 'Requests with output samples, fewest frames first',
    counts: withOutput,
    badness: fewestFrames,
  },
  ptff: slowest('Requests with a first frame', 'ptff_ms', false),
  e2e: slowest('Requests with an E2E latency', 'e2e_ms', false),
  startup: slowest('Requests with a startup', 'startup_ms', true),
  jitter: {
    title: 'Requests with a jitter coefficient, unsteadiest first',
    counts: row => row.jitter !== null,
    badness: row => row.jitter ?? 0,
  },
  failure_rate: { title: 'Failed requests', outcome: ['failed'] },
  swap_rate: { title: 'Swapped requests', counts: row => row.swapped },
  cue: {
    title: 'Requests with output on a known GPU, fewest frames first',
    counts: row => withOutput(row) && row.gpu !== null && row.model !== null,
    badness: fewestFrames,
  },
};

export function requestsBehind(id: KpiId): RequestsBehind {
  return BEHIND[id];
}

/** The requests of an answer that the KPI counts, in order. */
export function selectBehind(
  { counts, badness }: RequestsBehind,
  rows: readonly RequestRow[],
): RequestRow[] {
  const selected = rows.filter(row => counts?.(row) ?? true);
  return badness ? selected.sort((a, b) => badness(b) - badness(a)) : selected;
}

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
