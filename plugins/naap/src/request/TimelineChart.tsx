import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { CHART, ChartFrame, ChartTip } from '../components/ChartFrame';
import { EmptyPanel } from '../components/Panel';
import { cutMiddle, formatCountOf, formatValue } from '../lib/format';
import { formatUtc } from '../lib/time';
import { Weight } from './excused';
import { Lane, LanePoint, LANES, StatusPoint, Timeline } from './timeline';
import styles from './TimelineChart.module.css';

const LANE_NAMES: Record<Lane, string> = {
  gateway: 'Gateway clock',
  runner: 'Runner clock',
  swaps: 'Swaps',
  errors: 'Errors',
};
const AXIS_WIDTH = 108;
const TEXT_LENGTH = 60;
const DIAMOND = 'M0 -5l5 5-5 5-5-5z';

interface LaneMark extends LanePoint {
  y: number;
}

/** Lane 0 is the top one. */
function laneY(lane: Lane): number {
  return LANES.length - 1 - LANES.indexOf(lane);
}

function toMarks(points: LanePoint[]): LaneMark[] {
  return points.map(point => ({ ...point, y: laneY(point.lane) }));
}

function describe({ points, statuses, domain }: Timeline): string {
  const lanes = LANES.map(
    lane =>
      `${LANE_NAMES[lane]}: ${formatCountOf(
        points.filter(point => point.lane === lane).length,
        'events',
      )}`,
  );
  const of = (weight: Weight) =>
    points.filter(point => point.weight === weight).length;
  return (
    `Time line over ${domain[1] - domain[0]} seconds. ${lanes.join(', ')}, ` +
    `of them ${of('excused')} excused and ${of('harmless')} harmless. ` +
    // "statuses" has no singular that an s makes.
    `${statuses.length} ${statuses.length === 1 ? 'status' : 'statuses'}.`
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
    stroke: CHART.grid,
    tick: CHART.axis,
  };
  return (
    <ChartFrame
      label={describe(timeline)}
      caption={<Caption timeline={timeline} />}
      heads={['Since the request', 'Clock', 'What', 'Says']}
      rows={() => rowsOf(timeline)}
    >
      <ResponsiveContainer width="100%" height={152}>
        <ScatterChart margin={CHART.margin} accessibilityLayer={false}>
          <CartesianGrid stroke={CHART.grid} vertical={false} />
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
            tick={CHART.axis}
            tickLine={false}
            axisLine={false}
          />
          <ReferenceArea
            y1={laneY('runner') - 0.5}
            y2={laneY('runner') + 0.5}
            fill="var(--naap-muted)"
            fillOpacity={0.1}
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
      <ResponsiveContainer
        width="100%"
        // Without a status only the axis is left of it.
        height={statuses.length > 0 ? 150 : 36}
      >
        <LineChart
          data={statuses}
          margin={CHART.margin}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis
            {...xAxis}
            tickFormatter={(seconds: number) => `${seconds} s`}
          />
          <YAxis
            width={AXIS_WIDTH}
            domain={[0, 'auto']}
            tick={CHART.axis}
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
          {points
            .filter(({ lane }) => lane === 'swaps')
            .map(({ seconds }, index) => (
              <ReferenceLine
                key={index}
                x={seconds}
                stroke="var(--naap-muted)"
                strokeDasharray="2 3"
              />
            ))}
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
    </ChartFrame>
  );
}

/** Everything that is drawn, as a table in the order of time. */
function rowsOf({ points, statuses }: Timeline): string[][] {
  return [
    ...points.map(point => ({
      seconds: point.seconds,
      cells: [
        point.lane === 'runner' ? 'runner' : 'gateway',
        cutMiddle(point.label, TEXT_LENGTH),
        [point.weight, point.detail && cutMiddle(point.detail, TEXT_LENGTH)]
          .filter(Boolean)
          .join(': '),
      ],
    })),
    ...statuses.map(status => ({
      seconds: status.seconds,
      cells: [
        'runner',
        'status',
        `${cutMiddle(status.state, TEXT_LENGTH)}, output ${formatValue(
          status.fps,
          'fps',
        )}, input ${formatValue(status.inputFps, 'fps')}`,
      ],
    })),
  ]
    .sort((a, b) => a.seconds - b.seconds)
    .map(({ seconds, cells }) => [`${seconds.toFixed(3)} s`, ...cells]);
}

/** What the shapes and lines mean. */
function Caption({ timeline }: { timeline: Timeline }) {
  const { runnerLag } = timeline;
  return (
    <>
      Seconds since the stream request. Solid: output FPS of the statuses;
      dashed: input FPS. <Key className={styles.error} /> error;{' '}
      <Key className={styles.excused} /> error that is excused or harmless. The
      shaded lane and the FPS go by the runner’s own clock, which may be off
      against the gateway’s
      {runnerLag &&
        `: its times lie ${runnerLag.low.toFixed(
          2,
        )} to ${runnerLag.high.toFixed(2)}\u202fs before their envelopes`}
      .
    </>
  );
}

function Key({ className }: { className: string }) {
  return (
    <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      <path d={DIAMOND} className={className} />
    </svg>
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
    case 'swaps':
      return (
        <path
          d="M-6 -2.5h9l-3 -3M6 2.5h-9l3 3"
          transform={`translate(${cx} ${cy})`}
          className={styles.swap}
        />
      );
    default:
      return (
        <path
          d={DIAMOND}
          transform={`translate(${cx} ${cy})`}
          className={
            payload.weight === 'not excused' ? styles.error : styles.excused
          }
        />
      );
  }
}

function MarkTip({ mark }: { mark: LaneMark | undefined }) {
  return mark ? (
    <ChartTip
      title={cutMiddle(mark.label, TEXT_LENGTH)}
      lines={[
        `${LANE_NAMES[mark.lane]}, ${sinceText(mark)}`,
        ...(mark.weight ? [mark.weight] : []),
        ...(mark.detail ? [cutMiddle(mark.detail, TEXT_LENGTH)] : []),
      ]}
    />
  ) : null;
}

function StatusTip({ status }: { status: StatusPoint | undefined }) {
  return status ? (
    <ChartTip
      title={`${formatValue(status.fps, 'fps')}, ${cutMiddle(
        status.state,
        40,
      )}`}
      lines={[
        `input ${formatValue(status.inputFps, 'fps')}`,
        `Runner clock, ${sinceText(status)}`,
      ]}
    />
  ) : null;
}

/** `+2.655 s, 21:49:07 UTC` */
function sinceText(point: { seconds: number; at: string }): string {
  const sign = point.seconds < 0 ? '−' : '+';
  const time = formatUtc(new Date(point.at), new Date(), { seconds: true });
  return `${sign}${Math.abs(point.seconds).toFixed(3)}\u202fs, ${time} UTC`;
}
