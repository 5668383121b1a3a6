import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { CHART, ChartFrame, ChartTip } from '../components/ChartFrame';
import { runningArea, runningText } from '../components/runningArea';
import {
  formatCount,
  formatInterval,
  formatNumber,
  formatMid,
  formatValue,
  NOTHING,
} from '../lib/format';
import { formatStep, Grain, stepHead, stepTitle } from '../lib/series';
import { AvailabilityStep, describeAvailability } from './availability';

const HIDDEN = { content: () => null, cursor: false };
const LINE = {
  dot: { r: 2 },
  isAnimationActive: false,
  activeDot: false,
  stroke: 'var(--naap-accent)',
  strokeWidth: 2,
} as const;

const share = (value: number | null) => formatValue(value, 'fraction');
const text = (value: number | null) =>
  value === null ? NOTHING : formatNumber(value);

/** Shares above, streams and prices below, over one axis of time. */
export function AvailabilityChart(props: {
  steps: AvailabilityStep[];
  grain: Grain;
  /** What the price is in, and of; null: nobody says one. */
  price: string | null;
}) {
  const { steps, grain, price } = props;
  const chart = {
    data: steps,
    margin: CHART.margin,
    accessibilityLayer: false,
    syncId: 'naap-availability',
  };
  const xAxis = {
    dataKey: 'at',
    scale: 'band' as const,
    tick: CHART.axis,
    tickFormatter: (at: string) => formatStep(at, grain),
    minTickGap: 24,
    stroke: CHART.grid,
  };
  const yAxis = {
    width: CHART.axisWidth,
    tick: CHART.axis,
    tickLine: false,
    axisLine: false,
  };
  return (
    <ChartFrame
      label={describeAvailability(steps, grain)}
      caption={
        <>
          Above, solid availability, dashed measured GPU utilisation. Below,
          solid capacity and dotted its use, in streams
          {price && `; under it the price, ${price}`}. A gap is where nothing
          answered.{runningText(steps, grain)}
        </>
      }
      heads={[
        stepHead(grain),
        'Availability',
        '95 % interval',
        'n',
        'Masked',
        'Response p50',
        'Response p95',
        'GPU utilisation',
        'Capacity',
        'In use',
        ...(price ? [`Price, ${price}`] : []),
        'State',
      ]}
      rows={() =>
        steps.map(step => [
          formatStep(step.at, grain),
          share(step.availability),
          step.interval ? formatInterval(step.interval, 'fraction') : NOTHING,
          formatCount(step.observations),
          formatCount(step.masked),
          formatMid(step.response_p50_ms, 'ms'),
          formatMid(step.response_p95_ms, 'ms'),
          share(step.gpu_utilization),
          text(step.capacity),
          text(step.in_use),
          ...(price ? [text(step.price)] : []),
          step.provisional ? 'provisional' : 'final',
        ])
      }
    >
      <ResponsiveContainer width="100%" height={130}>
        <LineChart {...chart}>
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis {...xAxis} hide />
          <YAxis {...yAxis} domain={[0, 1]} tickFormatter={share} />
          {runningArea(steps)}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: CHART.grid }}
            content={({ payload }) => (
              <StepTip
                grain={grain}
                price={price}
                step={payload?.[0]?.payload as AvailabilityStep | undefined}
              />
            )}
          />
          <Line {...LINE} dataKey="gpu_utilization" strokeDasharray="5 3" />
          <Line {...LINE} dataKey="availability" />
        </LineChart>
      </ResponsiveContainer>
      <ResponsiveContainer width="100%" height={price ? 110 : 130}>
        <LineChart {...chart}>
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis {...xAxis} hide={price !== null} />
          <YAxis {...yAxis} domain={[0, 'auto']} tickFormatter={formatNumber} />
          {runningArea(steps)}
          <Tooltip {...HIDDEN} />
          <Line {...LINE} dataKey="in_use" strokeDasharray="1 4" />
          <Line {...LINE} dataKey="capacity" />
        </LineChart>
      </ResponsiveContainer>
      {price && (
        <ResponsiveContainer width="100%" height={100}>
          <LineChart {...chart}>
            <CartesianGrid stroke={CHART.grid} vertical={false} />
            <XAxis {...xAxis} />
            <YAxis
              {...yAxis}
              domain={[0, 'auto']}
              tickFormatter={formatNumber}
            />
            {runningArea(steps)}
            <Tooltip {...HIDDEN} />
            <Line {...LINE} dataKey="price" stroke="var(--naap-muted)" />
          </LineChart>
        </ResponsiveContainer>
      )}
    </ChartFrame>
  );
}

function StepTip(props: {
  grain: Grain;
  price: string | null;
  step: AvailabilityStep | undefined;
}) {
  const { grain, price, step } = props;
  if (!step) {
    return null;
  }
  return (
    <ChartTip
      title={stepTitle(step, grain)}
      lines={[
        `availability ${share(step.availability)}${
          step.interval ? `, ${formatInterval(step.interval, 'fraction')}` : ''
        }, n ${formatCount(step.observations)}`,
        ...(step.masked > 0 ? [`masked ${formatCount(step.masked)}`] : []),
        `response p50 ${formatMid(step.response_p50_ms, 'ms')}, p95 ${formatMid(
          step.response_p95_ms,
          'ms',
        )}`,
        `GPU utilisation ${share(step.gpu_utilization)}`,
        `capacity ${text(step.capacity)}, in use ${text(step.in_use)} streams`,
        ...(price ? [`price ${text(step.price)}`] : []),
      ]}
    />
  );
}
