import { KpiDefinition } from '@naap/plugin-naap-common';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { CHART, ChartFrame, ChartTip } from '../components/ChartFrame';
import { runningArea, runningText } from '../components/runningArea';
import { hasLine } from '../lib/drawn';
import {
  describeTrend,
  LinedStep,
  linedSteps,
  lineName,
  trendAxis,
  TrendStep,
} from '../explorer/trend';
import { formatCount, formatValue } from '../lib/format';
import { formatStep, Grain, oneStep, stepHead } from '../lib/series';
import styles from './ComparePage.module.css';

export interface CompareSeries {
  id: string;
  /** Short, for the legend. */
  name: string;
  /** As many for each. */
  steps: TrendStep[];
}

// Told apart by dashes and marks, so that colour is not needed.
const STYLES = [
  {
    stroke: 'var(--naap-accent)',
    dash: undefined,
    mark: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z',
  },
  { stroke: 'var(--bui-fg-primary)', dash: '7 3', mark: 'M-3.5 -3.5h7v7h-7z' },
  { stroke: 'var(--naap-warn)', dash: '2 3', mark: 'M0 -4.5l4.5 8h-9z' },
  { stroke: 'var(--naap-muted)', dash: '9 3 2 3', mark: 'M0 -5l5 5-5 5-5-5z' },
];
/** So many marks on a line can be told from each other. */
const MOST_MARKS = 12;

/** One KPI of several over one axis of time. */
export function CompareChart(props: {
  definition: KpiDefinition;
  series: CompareSeries[];
  grain: Grain;
}) {
  const { definition, series, grain } = props;
  const { unit } = definition;
  const times = series[0]?.steps ?? [];
  const lined = series.map(({ steps }) => linedSteps(steps));
  const points = times.map((step, index) => ({
    at: step.at,
    values: lined.map(steps => steps[index]?.whole ?? null),
    tails: lined.map(steps => steps[index]?.tail ?? null),
  }));
  const provisional = times.filter(step => step.provisional);
  const every = Math.ceil(times.length / MOST_MARKS);
  return (
    <ChartFrame
      label={series
        .map(
          ({ name, steps }) =>
            `${name}: ${describeTrend(definition, steps, grain)}`,
        )
        .join('. ')}
      caption={
        <>
          <ul className={styles.legend}>
            {series.map(({ id, name }, index) => (
              <li key={id} title={id}>
                <Sample index={index} />
                {name}
              </li>
            ))}
          </ul>
          Lines: {lineName(definition)}
          {definition.estimated && ', estimated'}. A gap is {oneStep(grain)}{' '}
          without data. Shaded: provisional, late messages may still change it.
          {runningText(times, grain)}
        </>
      }
      heads={[stepHead(grain), ...series.map(({ name }) => name)]}
      rows={() =>
        times.map((step, index) => [
          formatStep(step.at, grain),
          ...series.map(({ steps }) => textOf(definition, steps[index])),
        ])
      }
    >
      <ResponsiveContainer width="100%" height={250}>
        <LineChart
          data={points}
          margin={CHART.margin}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke={CHART.grid} vertical={false} />
          <XAxis
            dataKey="at"
            scale="band"
            tick={CHART.axis}
            tickFormatter={(at: string) => formatStep(at, grain)}
            minTickGap={24}
            stroke={CHART.grid}
          />
          <YAxis
            width={CHART.axisWidth}
            domain={trendAxis(
              series.flatMap(({ steps }) =>
                steps.map(step => ({ ...step, band: null, p95: null })),
              ),
              null,
            )}
            tick={CHART.axis}
            tickLine={false}
            axisLine={false}
            tickFormatter={(value: number) => formatValue(value, unit)}
          />
          {runningArea(times)}
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
            content={({ label }) => {
              const index = times.findIndex(step => step.at === label);
              return index < 0 ? null : (
                <ChartTip
                  title={`${formatStep(times[index].at, grain)} UTC`}
                  lines={series.map(
                    ({ name, steps }) =>
                      `${name}: ${textOf(definition, steps[index])}`,
                  )}
                />
              );
            }}
          />
          {series.map(({ id, steps }, index) => (
            <Line
              key={id}
              dataKey={point => point.values[index]}
              stroke={hasLine(steps) ? STYLES[index].stroke : 'none'}
              strokeDasharray={STYLES[index].dash}
              strokeWidth={2}
              isAnimationActive={false}
              activeDot={false}
              dot={({ cx, cy, index: at = 0 }) =>
                isMarked(lined[index], at, every, index) ? (
                  <path
                    key={at}
                    d={STYLES[index].mark}
                    transform={`translate(${cx} ${cy})`}
                    fill={STYLES[index].stroke}
                  />
                ) : (
                  <g key={at} />
                )
              }
            />
          ))}
          {series.map(({ id, steps }, index) => (
            <Line
              key={`${id} now`}
              dataKey={point => point.tails[index]}
              stroke={hasLine(steps) ? STYLES[index].stroke : 'none'}
              strokeDasharray="1 4"
              isAnimationActive={false}
              activeDot={false}
              dot={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

/** Some of the points, at other places for each line, and all that no line reaches. */
function isMarked(
  steps: readonly LinedStep[],
  at: number,
  every: number,
  line: number,
): boolean {
  const known = (index: number) => (steps[index]?.whole ?? null) !== null;
  const alone = !hasLine(steps) || (!known(at - 1) && !known(at + 1));
  return known(at) && (alone || at % every === line % every);
}

function textOf(
  definition: KpiDefinition,
  step: TrendStep | undefined,
): string {
  return step
    ? `${formatValue(step.value, definition.unit)} (n ${formatCount(step.n)})`
    : '';
}

/** A piece of the line, for the legend. */
function Sample({ index }: { index: number }) {
  const { stroke, dash, mark } = STYLES[index];
  return (
    <svg width="34" height="12" viewBox="-17 -6 34 12" aria-hidden="true">
      <path
        d="M-17 0h34"
        stroke={stroke}
        strokeDasharray={dash}
        strokeWidth="2"
      />
      <path d={mark} fill={stroke} />
    </svg>
  );
}
