import { KpiDefinition } from '@naap/plugin-naap-common';
import { extentOf } from '../lib/extent';
import { formatValue } from '../lib/format';
import { formatSteps, Grain, grainName } from '../lib/series';
import { sparklineShape, TrendPoint } from '../lib/sparkline';
import styles from './Sparkline.module.css';

const WIDTH = 200;
const HEIGHT = 26;
const PADDING = 3;

function describe(
  definition: KpiDefinition,
  points: TrendPoint[],
  grain: Grain,
): string {
  const known = points.filter(
    (point): point is TrendPoint & { value: number } => point.value !== null,
  );
  if (known.length === 0) {
    return `${definition.name} by ${grainName(grain)}: no data`;
  }
  const values = known.map(point => point.value);
  const whole = known.filter(point => !point.running);
  const now = known.find(point => point.running);
  const { low, high } = extentOf(values);
  const text = (value: number) => formatValue(value, definition.unit);
  return `${definition.name} by ${grainName(grain)}, ${
    known.length
  } of ${formatSteps(points.length, grain)} with data: ${[
    whole.length > 0 && `first ${text(whole[0].value)}`,
    whole.length > 0 && `last ${text(whole[whole.length - 1].value)}`,
    `lowest ${text(low)}, highest ${text(high)}`,
    now && `the running ${grainName(grain)} ${text(now.value)}`,
  ]
    .filter(Boolean)
    .join(', ')}`;
}

/** The trend of a window as a line without axes, dashed to the hour or day that is not over; what it shows is said in its text alternative. */
export function Sparkline(props: {
  definition: KpiDefinition;
  points: TrendPoint[];
  grain: Grain;
  /** That is graded by, if there is one. */
  target: number | null;
}) {
  const label = describe(props.definition, props.points, props.grain);
  const { path, dashed, dots, last } = sparklineShape(
    props.points,
    props.target,
    WIDTH,
    HEIGHT,
  );
  return (
    <span className={styles.root} title={label}>
      <svg
        role="img"
        aria-label={label}
        className={styles.chart}
        viewBox={`0 ${-PADDING} ${WIDTH} ${HEIGHT + 2 * PADDING}`}
        preserveAspectRatio="none"
      >
        <path d={path} className={styles.line} />
        <path d={dashed} className={styles.dashed} />
        <path d={dots} className={styles.dots} />
        {last && <path d={`M${last.x} ${last.y}h0`} className={styles.last} />}
      </svg>
    </span>
  );
}
