import {
  Bar,
  BarChart,
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
import { formatCount, formatNumber, formatValue } from '../lib/format';
import { formatStep, Grain, oneStep, stepHead } from '../lib/series';
import { ClassStep, describeClasses } from './classSeries';

const HIDDEN = { content: () => null, cursor: false };

/** Messages by class above, the shares of those that are not used below, over one axis of time. */
export function ClassChart(props: { steps: ClassStep[]; grain: Grain }) {
  const { steps, grain } = props;
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
  const bar = { stackId: 'class', isAnimationActive: false };
  // Points that touch each other say nothing; a dash is for the line alone.
  const dot = steps.length <= 60 && { r: 2, strokeDasharray: '0' };
  const line = { dot, isAnimationActive: false, activeDot: false };
  return (
    <ChartFrame
      label={describeClasses(steps, grain)}
      caption={
        <>
          Above, messages that came in: plain accepted, grey duplicate, dotted
          ignored, striped rejected. Below, shares of them: solid rejected,
          dashed ignored. A gap is {oneStep(grain)} without a message. The two
          have their own scales.
          {runningText(steps, grain)}
        </>
      }
      heads={[
        stepHead(grain),
        'Messages',
        'Accepted',
        'Duplicate',
        'Ignored',
        'Ignored share',
        'Rejected',
        'Rejected share',
      ]}
      rows={() =>
        steps.map(step => [
          formatStep(step.at, grain),
          formatCount(step.read),
          formatCount(step.accepted),
          formatCount(step.duplicate),
          formatCount(step.ignored),
          formatValue(step.ignoredShare, 'fraction'),
          formatCount(step.rejected),
          formatValue(step.rejectedShare, 'fraction'),
        ])
      }
    >
      <ResponsiveContainer width="100%" height={170}>
        <BarChart
          data={steps}
          margin={CHART.margin}
          accessibilityLayer={false}
          syncId="naap-classes"
        >
          <defs>
            <pattern
              id="naap-ignored"
              width="4"
              height="4"
              patternUnits="userSpaceOnUse"
            >
              <circle cx="2" cy="2" r="1.2" fill="var(--naap-warn)" />
            </pattern>
            <pattern
              id="naap-rejected"
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
          <YAxis {...yAxis} tickFormatter={formatNumber} />
          {runningArea(steps)}
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--naap-hover)' }}
            content={({ payload }) => (
              <StepTip
                grain={grain}
                step={payload?.[0]?.payload as ClassStep | undefined}
              />
            )}
          />
          <Bar {...bar} dataKey="accepted" fill="var(--naap-accent)" />
          <Bar
            {...bar}
            dataKey="duplicate"
            fill="var(--naap-muted)"
            fillOpacity={0.6}
          />
          <Bar {...bar} dataKey="ignored" fill="url(#naap-ignored)" />
          <Bar {...bar} dataKey="rejected" fill="url(#naap-rejected)" />
        </BarChart>
      </ResponsiveContainer>
      <ResponsiveContainer width="100%" height={130}>
        <LineChart
          data={steps}
          margin={CHART.margin}
          accessibilityLayer={false}
          syncId="naap-classes"
        >
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis {...xAxis} />
          <YAxis
            {...yAxis}
            domain={[0, 'auto']}
            tickFormatter={(value: number) => formatValue(value, 'fraction')}
          />
          {runningArea(steps)}
          <Tooltip {...HIDDEN} />
          <Line
            {...line}
            dataKey="ignoredShare"
            stroke="var(--naap-warn)"
            strokeDasharray="5 3"
          />
          <Line
            {...line}
            dataKey="rejectedShare"
            stroke="var(--naap-bad)"
            strokeWidth={2}
          />
        </LineChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

function StepTip(props: { grain: Grain; step: ClassStep | undefined }) {
  const { grain, step } = props;
  return step ? (
    <ChartTip
      title={`${formatStep(step.at, grain)} UTC`}
      lines={[
        `messages ${formatCount(step.read)}`,
        `accepted ${formatCount(step.accepted)}, duplicate ${formatCount(
          step.duplicate,
        )}`,
        `ignored ${formatCount(step.ignored)} (${formatValue(
          step.ignoredShare,
          'fraction',
        )})`,
        `rejected ${formatCount(step.rejected)} (${formatValue(
          step.rejectedShare,
          'fraction',
        )})`,
      ]}
    />
  ) : null;
}
