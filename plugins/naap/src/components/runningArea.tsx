import { ReferenceArea } from 'recharts';
import { Grain, grainName } from '../lib/series';

/** Frames the hour or day that is not over: its figures are of a part. For charts whose axis is `at`. */
export function runningArea(
  steps: ReadonlyArray<{ at: string; running: boolean }>,
) {
  const step = steps.find(({ running }) => running);
  return (
    step && (
      <ReferenceArea
        x1={step.at}
        x2={step.at}
        fill="var(--naap-muted)"
        fillOpacity={0.12}
        stroke="var(--naap-muted)"
        strokeDasharray="3 3"
        strokeOpacity={0.6}
      />
    )
  );
}

/** What the frame is, for a caption. */
export function runningText(
  steps: ReadonlyArray<{ running: boolean }>,
  grain: Grain,
): string {
  return steps.some(({ running }) => running)
    ? ` Dashed frame: the ${grainName(grain)} that ${
        grain === 'slot' ? 'are' : 'is'
      } not over.`
    : '';
}
