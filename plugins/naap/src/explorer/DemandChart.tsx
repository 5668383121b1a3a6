import {
  Bar,
  BarChart,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { CHART, ChartFrame, ChartTip } from '../components/ChartFrame';
import { runningArea, runningText } from '../components/runningArea';
import { formatNumber, NOTHING } from '../lib/format';
import {
  atLeastHour,
  formatStep,
  Grain,
  grainName,
  oneStep,
  stepHead,
  stepTitle,
} from '../lib/series';
import { DemandStep, describeDemand } from './demand';
import { DemandMeasure } from './explorerState';

const HIDDEN = { content: () => null, cursor: false };

const text = (value: number | null) =>
  value === null ? NOTHING : formatNumber(value);

const CAPTIONS: Record<DemandMeasure, string> = {
  requests: 'requests; the striped part was not served',
  minutes: 'inference minutes',
  fees: 'fees in ETH',
};

/** Demand above, supply below, over one axis of time. */
export function DemandChart(props: {
  steps: DemandStep[];
  grain: Grain;
  measure: DemandMeasure;
}) {
  const { steps, grain, measure } = props;
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
    tickFormatter: formatNumber,
  };
  const line = { dot: { r: 2 }, isAnimationActive: false, activeDot: false };
  return (
    <ChartFrame
      label={describeDemand(steps, grain)}
      caption={
        <>
          Above, {CAPTIONS[measure]}. Below, containers by the newest capability
          report of each {grainName(atLeastHour(grain))}: solid capacity, dashed
          warm, dotted in use; grey GPUs. A gap is {oneStep(grain)} without a
          report. The two have their own scales.{runningText(steps, grain)}
        </>
      }
      heads={[
        stepHead(grain),
        'Requests',
        'Unserved',
        'Inference minutes',
        'Restarts',
        'Fees (ETH)',
        'GPUs',
        'Capacity',
        'Warm',
        'In use',
        'State',
      ]}
      rows={() =>
        steps.map(step => [
          formatStep(step.at, grain),
          text(step.requests),
          text(step.unserved),
          text(step.minutes),
          text(step.restarts),
          text(step.fees),
          text(step.gpus),
          text(step.capacity),
          text(step.warm),
          text(step.in_use),
          step.provisional ? 'provisional' : 'final',
        ])
      }
    >
      <ResponsiveContainer width="100%" height={150}>
        <BarChart
          data={steps}
          margin={CHART.margin}
          accessibilityLayer={false}
          syncId="naap-demand"
        >
          <defs>
            <pattern
              id="naap-unserved"
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="2.5" height="5" fill="var(--naap-bad)" />
            </pattern>
          </defs>
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis {...xAxis} hide />
          <YAxis {...yAxis} />
          {runningArea(steps)}
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--naap-hover)' }}
            content={({ payload }) => (
              <StepTip
                grain={grain}
                step={payload?.[0]?.payload as DemandStep | undefined}
              />
            )}
          />
          {measure === 'requests' ? (
            <>
              <Bar
                dataKey="taken"
                stackId="requests"
                fill="var(--naap-accent)"
                isAnimationActive={false}
              />
              <Bar
                dataKey="unserved"
                stackId="requests"
                fill="url(#naap-unserved)"
                isAnimationActive={false}
              />
            </>
          ) : (
            <Bar
              dataKey={measure}
              fill="var(--naap-accent)"
              isAnimationActive={false}
            />
          )}
        </BarChart>
      </ResponsiveContainer>
      <ResponsiveContainer width="100%" height={160}>
        <ComposedChart
          data={steps}
          margin={CHART.margin}
          accessibilityLayer={false}
          syncId="naap-demand"
        >
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis {...xAxis} />
          <YAxis {...yAxis} domain={[0, 'auto']} />
          {runningArea(steps)}
          <Tooltip {...HIDDEN} />
          <Line
            {...line}
            dataKey="gpus"
            stroke="var(--naap-muted)"
            strokeOpacity={0.7}
          />
          <Line
            {...line}
            dataKey="in_use"
            stroke="var(--naap-accent)"
            strokeDasharray="1 4"
            strokeWidth={2}
          />
          <Line
            {...line}
            dataKey="warm"
            stroke="var(--naap-accent)"
            strokeDasharray="5 3"
            strokeWidth={2}
          />
          <Line
            {...line}
            dataKey="capacity"
            stroke="var(--naap-accent)"
            strokeWidth={2}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

function StepTip(props: { grain: Grain; step: DemandStep | undefined }) {
  const { grain, step } = props;
  return step ? (
    <ChartTip
      title={stepTitle(step, grain)}
      lines={[
        `requests ${text(step.requests)}, unserved ${text(step.unserved)}`,
        `inference minutes ${text(step.minutes)}, restarts ${text(
          step.restarts,
        )}, fees ${text(step.fees)} ETH`,
        `capacity ${text(step.capacity)}, warm ${text(
          step.warm,
        )}, in use ${text(step.in_use)}`,
        `GPUs ${text(step.gpus)}`,
      ]}
    />
  ) : null;
}
