import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { EmptyPanel } from '../components/Panel';
import { cutMiddle, formatCountOf, formatValue } from '../lib/format';
import { formatUtc } from '../lib/time';
import { Lane, LanePoint, LANES, StatusPoint, Timeline } from './timeline';
import styles from './TimelineChart.module.css';

const LANE_NAMES: Record<Lane, string> = {
  gateway: 'Gateway clock',
  runner: 'Runner clock',
  errors: 'Errors',
};
const AXIS_WIDTH = 108;
const MARGIN = { top: 8, right: 20, bottom: 0, left: 0 };
const AXIS_STYLE = { fill: 'var(--naap-muted)', fontSize: 11 };

interface LaneMark extends LanePoint {
  y: number;
}

/** Lane 0 is the top one. */
function toMarks(points: LanePoint[]): LaneMark[] {
  return points.map(point => ({
    ...point,
    y: LANES.length - 1 - LANES.indexOf(point.lane),
  }));
}

function describe({ points, statuses, domain }: Timeline): string {
  const lanes = LANES.map(
    lane =>
      `${LANE_NAMES[lane]}: ${formatCountOf(
        points.filter(point => point.lane === lane).length,
        'events',
      )}`,
  );
  return (
    `Time line over ${domain[1] - domain[0]} seconds. ${lanes.join(', ')}. ` +
    `${formatCountOf(
      statuses.length,
      'statuses',
    )}. The list of events below holds the same as text.`
  );
}

/** Who said what by which clock, and the FPS that the statuses report, over one axis of seconds since the request. */
export function TimelineChart({ timeline }: { timeline: Timeline }) {
  const { points, statuses, domain, ticks } = timeline;
  if (points.length === 0 && statuses.length === 0) {
    return <EmptyPanel title="No event to draw" />;
  }
  const marks = toMarks(points);
  const xAxis = {
    type: 'number' as const,
    dataKey: 'seconds',
    domain,
    ticks,
    allowDataOverflow: true,
    stroke: 'var(--naap-line)',
    tick: AXIS_STYLE,
  };
  return (
    <figure className={styles.root} aria-label={describe(timeline)}>
      <ResponsiveContainer width="100%" height={128}>
        <ScatterChart margin={MARGIN} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--naap-line)" vertical={false} />
          <XAxis {...xAxis} hide />
          <YAxis
            type="number"
            dataKey="y"
            domain={[-0.5, LANES.length - 0.5]}
            ticks={LANES.map((_, index) => index)}
            tickFormatter={(y: number) =>
              LANE_NAMES[LANES[LANES.length - 1 - y]]
            }
            width={AXIS_WIDTH}
            tick={AXIS_STYLE}
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            cursor={false}
            isAnimationActive={false}
            content={({ payload }) => (
              <MarkTip mark={payload?.[0]?.payload as LaneMark | undefined} />
            )}
          />
          <Scatter
            data={marks}
            isAnimationActive={false}
            shape={(mark: unknown) => <Mark {...(mark as MarkProps)} />}
          />
        </ScatterChart>
      </ResponsiveContainer>
      <ResponsiveContainer width="100%" height={150}>
        <LineChart data={statuses} margin={MARGIN} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--naap-line)" vertical={false} />
          <XAxis
            {...xAxis}
            tickFormatter={(seconds: number) => `${seconds} s`}
          />
          <YAxis
            width={AXIS_WIDTH}
            domain={[0, 'auto']}
            tick={AXIS_STYLE}
            tickLine={false}
            axisLine={false}
            tickFormatter={(fps: number) => `${fps} fps`}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--naap-muted)' }}
            content={({ payload }) => (
              <StatusTip
                status={payload?.[0]?.payload as StatusPoint | undefined}
              />
            )}
          />
          <Line
            dataKey="inputFps"
            stroke="var(--naap-muted)"
            strokeDasharray="4 3"
            dot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="fps"
            stroke="var(--naap-accent)"
            strokeWidth={2}
            dot={{ r: 3, fill: 'var(--naap-accent)', strokeWidth: 0 }}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
      <figcaption className={styles.caption}>
        Seconds since the stream request. Solid: output FPS of the statuses;
        dashed: input FPS. The runner has a clock of its own, so its lane may be
        shifted against the gateway’s.
      </figcaption>
    </figure>
  );
}

interface MarkProps {
  cx: number;
  cy: number;
  payload: LaneMark;
}

/** Each lane has a shape of its own, so that it can be told without colour. */
function Mark({ cx, cy, payload }: MarkProps) {
  switch (payload.lane) {
    case 'gateway':
      return <circle cx={cx} cy={cy} r={5} className={styles.gateway} />;
    case 'runner':
      return (
        <rect
          x={cx - 4.5}
          y={cy - 4.5}
          width={9}
          height={9}
          className={styles.runner}
        />
      );
    default:
      return (
        <path d={`M${cx} ${cy - 6}l6 6-6 6-6-6z`} className={styles.error} />
      );
  }
}

function MarkTip({ mark }: { mark: LaneMark | undefined }) {
  return mark ? (
    <div className={styles.tip}>
      <strong>{cutMiddle(mark.label, 60)}</strong>
      <span>
        {LANE_NAMES[mark.lane]}, +{mark.seconds.toFixed(3)} s,{' '}
        {formatUtc(new Date(mark.at), new Date(), { seconds: true })} UTC
      </span>
    </div>
  ) : null;
}

function StatusTip({ status }: { status: StatusPoint | undefined }) {
  return status ? (
    <div className={styles.tip}>
      <strong>
        {formatValue(status.fps, 'fps')}, {cutMiddle(status.state, 40)}
      </strong>
      <span>
        input {formatValue(status.inputFps, 'fps')}, +
        {status.seconds.toFixed(1)} s,{' '}
        {formatUtc(new Date(status.at), new Date(), { seconds: true })} UTC
      </span>
    </div>
  ) : null;
}
