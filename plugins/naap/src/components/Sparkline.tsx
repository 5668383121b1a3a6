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
    (point): point is { hour: string; value: number } => point.value !== null,
  );
  if (known.length === 0) {
    return `${definition.name} by ${grainName(grain)}: no data`;
  }
  const values = known.map(point => point.value);
  const { low, high } = extentOf(values);
  const text = (value: number) => formatValue(value, definition.unit);
  return (
    `${definition.name} by ${grainName(grain)}, ${
      known.length
    } of ${formatSteps(points.length, grain)} with data: ` +
    `first ${text(values[0])}, last ${text(values[values.length - 1])}, ` +
    `lowest ${text(low)}, highest ${text(high)}`
  );
}

/** The trend of a window as a line without axes; what it shows is said in its text alternative. */
export function Sparkline(props: {
  definition: KpiDefinition;
  points: TrendPoint[];
  grain: Grain;
}) {
  const label = describe(props.definition, props.points, props.grain);
  const { path, dots, last } = sparklineShape(
    props.points.map(point => point.value),
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
        <path d={dots} className={styles.dots} />
        {last && <path d={`M${last.x} ${last.y}h0`} className={styles.last} />}
      </svg>
    </span>
  );
}
