import { IngestStatsRow } from '@naap/plugin-naap-common';

/** Under this share nobody needs to look. */
const FLOOR = 0.01;
const Z2 = 1.959964 ** 2;

/** The rejected share of the newest hour against what is normal. */
export interface RejectedShare {
  hour: string;
  rejected: number;
  read: number;
  share: number;
  /** Median of the shares of the other hours; null when there is none. */
  normal: number | null;
  /** Surely more than twice the normal share, and than one percent. */
  alarming: boolean;
}

/**
 * The newest hour with messages against the median of the hours before it in the window. It is alarming when the whole
 * 95 % Wilson interval of its share lies above twice the median (at least above 1 %): a few bad messages are none.
 *
 * @param rows - oldest first; null without a message.
 */
export function rejectedShare(
  rows: readonly IngestStatsRow[],
): RejectedShare | null {
  const hours = rows.filter(({ read }) => read > 0);
  const newest = hours[hours.length - 1];
  if (!newest) {
    return null;
  }
  const { hour, rejected, read } = newest;
  const normal = median(
    hours.slice(0, -1).map(before => before.rejected / before.read),
  );
  return {
    hour,
    rejected,
    read,
    share: rejected / read,
    normal,
    alarming: wilsonLow(rejected, read) > Math.max(2 * (normal ?? 0), FLOOR),
  };
}

function median(values: number[]): number | null {
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length === 0
    ? null
    : (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** Lower end of the 95 % Wilson interval of k out of n. */
function wilsonLow(k: number, n: number): number {
  const p = k / n;
  return (
    (p + Z2 / (2 * n) - Math.sqrt((Z2 * (p * (1 - p) + Z2 / (4 * n))) / n)) /
    (1 + Z2 / n)
  );
}
