import type { QuarantineRow } from '@naap/plugin-naap-common';
import { useSteps } from '../pipelines/queries';
import { RunButton } from '../pipelines/RunButton';

const DAY_MS = 24 * 3_600_000;

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The UTC days in which the messages came in, as arguments of a replay. */
export function daysOfArrival(rows: readonly QuarantineRow[]) {
  if (rows.length === 0) return {};
  const times = rows.map(({ seen_at: at }) => Date.parse(at));
  return {
    from: dayOf(Math.min(...times)),
    to: dayOf(Math.max(...times) + DAY_MS),
  };
}

/** Offers to judge the messages that are shown anew, and all others of their days. */
export function ReplayButton({ rows }: { rows: readonly QuarantineRow[] }) {
  const steps = useSteps();
  const step = steps.data?.rows.find(({ id }) => id === 'replay');
  return step && rows.length > 0 ? (
    <RunButton step={step} label="Judge anew" initial={daysOfArrival(rows)} />
  ) : null;
}
