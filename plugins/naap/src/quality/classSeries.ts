import { IngestStatsRow, Window } from '@naap/plugin-naap-common';
import { ExportTable } from '../export/table';
import { formatCount, formatValue } from '../lib/format';
import { formatStep, Grain, seriesOf } from '../lib/series';
import { classTotals, reasonTotals } from './qualityFigures';

/** Messages that came in within one step, by class; the classes add up to `read`. */
export interface ClassStep {
  /** ISO 8601 UTC start of the step. */
  at: string;
  /** It is not over. */
  running: boolean;
  read: number;
  accepted: number;
  duplicate: number;
  ignored: number;
  rejected: number;
  /** Fractions of `read`; null where nothing came in. */
  ignoredShare: number | null;
  rejectedShare: number | null;
}

/**
 * One step for every hour or day of the window up to now, oldest first. A step without a row had no message: these are
 * counts of all that came in, so that is a zero; its shares are null.
 */
export function classSteps(
  rows: readonly IngestStatsRow[],
  grain: Grain,
  window: Required<Window>,
  nowMs: number,
): ClassStep[] {
  const groups = Map.groupBy(rows, ({ hour }) =>
    grain === 'day' ? hour.slice(0, 10) : hour,
  );
  const totals = [...groups].map(([start, hours]) => ({
    ...(grain === 'day' ? { day: start } : { hour: start }),
    ...classTotals(hours),
  }));
  return seriesOf(totals, grain, window, { watermark: null, nowMs }).map(
    ({ at, running, row }) => {
      const { read, accepted, duplicate, ignored, rejected } =
        row ?? classTotals([]);
      const share = (count: number) => (read > 0 ? count / read : null);
      return {
        at,
        running,
        read,
        accepted,
        duplicate,
        ignored,
        rejected,
        ignoredShare: share(ignored),
        rejectedShare: share(rejected),
      };
    },
  );
}

/** All that the charts show, in words. */
export function describeClasses(
  steps: readonly ClassStep[],
  grain: Grain,
): string {
  const totals = steps.filter(step => step.read > 0);
  const [worst] = [...totals].sort(
    (a, b) => (b.rejectedShare ?? 0) - (a.rejectedShare ?? 0),
  );
  return [
    `Messages by class and ${grain}`,
    `${totals.length} of ${steps.length} with messages`,
    worst &&
      `highest rejected share ${formatValue(
        worst.rejectedShare,
        'fraction',
      )} of ${formatCount(worst.read)} at ${formatStep(worst.at, grain)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function exportClasses(
  steps: readonly ClassStep[],
  grain: Grain,
): ExportTable {
  return {
    name: `messages-by-${grain}`,
    rows: steps.map(
      ({ at, running: _, ignoredShare, rejectedShare, ...counts }) => ({
        [grain]: at,
        ...counts,
        ignored_share: ignoredShare,
        rejected_share: rejectedShare,
      }),
    ),
  };
}

export function exportReasons(rows: readonly IngestStatsRow[]): ExportTable {
  return { name: 'reasons', rows: reasonTotals(rows) };
}
