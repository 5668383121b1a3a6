import { KpiDefinition, kpiTarget, RowTargets } from '@naap/plugin-naap-common';
import {
  Area,
  Bar,
  BarChart,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { CHART, ChartFrame, ChartTip } from '../components/ChartFrame';
import { runningArea, runningText } from '../components/runningArea';
import { hasLine, LEAST_POINTS } from '../lib/drawn';
import { formatCount, formatCountOf, formatValue } from '../lib/format';
import { formatStep, Grain, oneStep, stepHead, stepTitle } from '../lib/series';
import type { TrendMark } from '../scorecard/deploys';
import { targetText } from '../lib/target';
import {
  describeTrend,
  linedSteps,
  lineName,
  spreadText,
  trendAxis,
  TrendStep,
} from './trend';
import styles from './charts.module.css';

/** One KPI over time with how sure it is, and n below. */
export function TrendChart(props: {
  definition: KpiDefinition;
  steps: TrendStep[];
  grain: Grain;
  /** Of what the trend is about. */
  targets?: RowTargets;
  /** Moments to mark, each at the start of a step. */
  marks?: TrendMark[];
}) {
  const { definition, steps, grain, marks = [] } = props;
  const { unit } = definition;
  const target = kpiTarget(definition, props.targets);
  const provisional = steps.filter(step => step.provisional);
  const lined = linedSteps(steps);
  const withLine = hasLine(steps);
  // Under a line, points stand for themselves.
  const dot = (point: { cx?: number; cy?: number; index?: number }) => (
    <StepDot
      key={point.index}
      x={point.cx}
      y={point.cy}
      steps={steps}
      index={point.index ?? 0}
      all={!withLine}
    />
  );
  const deploys = new Map(marks.map(({ at, label }) => [at, label]));
  const xAxis = {
    dataKey: 'at',
    scale: 'band' as const,
    tick: CHART.axis,
    tickFormatter: (at: string) => formatStep(at, grain),
    minTickGap: 24,
    stroke: CHART.grid,
  };
  return (
    <ChartFrame
      label={[
        describeTrend(definition, steps, grain),
        ...marks.map(
          ({ at, label }) => `deploy at ${formatStep(at, grain)}: ${label}`,
        ),
      ].join(', ')}
      caption={
        <>
          Line: {lineName(definition)}
          {definition.estimated && ', estimated'}.{' '}
          {steps.some(step => step.band) && 'Band: 95 % interval. '}
          {steps.some(step => step.p95 !== null) && 'Dashed: p95. '}
          {target && `Dotted: ${targetText(definition, props.targets)}. `}
          Bars: n, {definition.countOf}. A gap is {oneStep(grain)} without data.
          Hollow points are provisional: late messages may still change them.
          {runningText(steps, grain)}
          {!withLine && ` Under ${LEAST_POINTS} whole steps there is no line.`}
          {marks.length > 0 &&
            ' ▾: a deploy, a runner version reported for the first time.'}
        </>
      }
      heads={[
        stepHead(grain),
        definition.name,
        'Interval or p95',
        'n',
        'State',
        ...(marks.length > 0 ? ['Deploys'] : []),
      ]}
      rows={() =>
        steps.map(step => [
          formatStep(step.at, grain),
          <span title={step.absence ?? undefined}>
            {formatValue(step.value, unit)}
          </span>,
          spreadText(definition, step),
          formatCount(step.n),
          step.provisional ? 'provisional' : 'final',
          ...(marks.length > 0 ? [deploys.get(step.at) ?? ''] : []),
        ])
      }
    >
      <ResponsiveContainer width="100%" height={220}>
        <ComposedChart
          data={lined}
          margin={CHART.margin}
          accessibilityLayer={false}
          syncId="naap-trend"
        >
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis {...xAxis} hide />
          <YAxis
            width={CHART.axisWidth}
            domain={trendAxis(steps, target?.value ?? null)}
            tick={CHART.axis}
            tickLine={false}
            axisLine={false}
            tickFormatter={(value: number) => formatValue(value, unit)}
          />
          {runningArea(steps)}
          {provisional.length > 0 && (
            <ReferenceArea
              x1={provisional[0].at}
              x2={provisional[provisional.length - 1].at}
              fill="var(--naap-muted)"
              fillOpacity={0.08}
            />
          )}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--naap-muted)' }}
            content={({ payload }) => (
              <StepTip
                definition={definition}
                grain={grain}
                step={payload?.[0]?.payload as TrendStep | undefined}
                deploys={deploys}
              />
            )}
          />
          <Area
            dataKey="band"
            stroke="none"
            fill="var(--naap-accent)"
            fillOpacity={0.18}
            isAnimationActive={false}
            activeDot={false}
          />
          {target && (
            <ReferenceLine
              y={target.value}
              stroke="var(--naap-muted)"
              strokeDasharray="1 4"
            />
          )}
          {marks.map(({ at, label }) => (
            <ReferenceLine
              key={at}
              x={at}
              stroke="var(--naap-muted)"
              label={{ value: '▾', position: 'insideTop' }}
            >
              <title>{label}</title>
            </ReferenceLine>
          ))}
          {!steps.some(step => step.band) && (
            <Line
              dataKey="p95"
              stroke="var(--naap-muted)"
              strokeDasharray="4 3"
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          )}
          {withLine && (
            <Line
              dataKey="whole"
              stroke="var(--naap-accent)"
              strokeWidth={2}
              isAnimationActive={false}
              activeDot={false}
              dot={false}
            />
          )}
          {withLine && (
            <Line
              dataKey="tail"
              stroke="var(--naap-accent)"
              strokeWidth={2}
              strokeDasharray="3 4"
              isAnimationActive={false}
              activeDot={false}
              dot={false}
            />
          )}
          <Line
            dataKey="value"
            stroke="none"
            isAnimationActive={false}
            dot={dot}
          />
        </ComposedChart>
      </ResponsiveContainer>
      <ResponsiveContainer width="100%" height={84}>
        <BarChart
          data={steps}
          margin={CHART.margin}
          accessibilityLayer={false}
          syncId="naap-trend"
        >
          <XAxis {...xAxis} />
          <YAxis
            width={CHART.axisWidth}
            tick={CHART.axis}
            tickLine={false}
            axisLine={false}
            allowDecimals={false}
            tickCount={3}
            tickFormatter={(n: number) => `n ${formatCount(n)}`}
          />
          {runningArea(steps)}
          <Tooltip cursor={false} content={() => null} />
          <Bar
            dataKey="n"
            fill="var(--naap-muted)"
            fillOpacity={0.55}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

/** A point that no line reaches, or that may still change, is drawn as one; the others are only the line. */
function StepDot(props: {
  x: number | undefined;
  y: number | undefined;
  steps: readonly TrendStep[];
  index: number;
  /** No line reaches any. */
  all: boolean;
}) {
  const { x, y, steps, index } = props;
  const step = steps[index];
  const alone =
    props.all ||
    ((steps[index - 1]?.value ?? null) === null &&
      (steps[index + 1]?.value ?? null) === null);
  if (step?.value === null || !(alone || step?.provisional)) {
    return <g />;
  }
  return (
    <circle
      cx={x}
      cy={y}
      r={3.5}
      className={step.provisional ? styles.hollow : styles.solid}
    />
  );
}

function StepTip(props: {
  definition: KpiDefinition;
  grain: Grain;
  step: TrendStep | undefined;
  deploys: ReadonlyMap<string, string>;
}) {
  const { definition, grain, step, deploys } = props;
  if (!step) {
    return null;
  }
  const value =
    step.value === null
      ? step.absence ?? ''
      : `${lineName(definition)} ${formatValue(step.value, definition.unit)}`;
  return (
    <ChartTip
      title={stepTitle(step, grain)}
      lines={[
        value,
        spreadText(definition, step),
        `n ${formatCountOf(step.n, definition.countOf)}`,
        deploys.has(step.at) && `deploy: ${deploys.get(step.at)}`,
      ].filter((line): line is string => Boolean(line))}
    />
  );
}
