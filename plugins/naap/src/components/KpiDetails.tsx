import { useRouteRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, DialogTrigger, Link, Popover } from '@backstage/ui';
import {
  isLatency,
  KpiDefinition,
  KpiFigure,
  KpiRow,
  KpiGrade,
  kpiGrade,
  RowTargets,
  verdictText,
} from '@naap/plugin-naap-common';
import { RiInformationLine } from '@remixicon/react';
import { formatCount, formatMid, formatValue, NOTHING } from '../lib/format';
import { formatStep, Grain, stepHead } from '../lib/series';
import { TrendPoint } from '../lib/sparkline';
import { targetText } from '../lib/target';
import { definitionsRouteRef } from '../routes';
import styles from './KpiDetails.module.css';
import tokens from './tokens.module.css';

function figureText({ value, unit, mid }: KpiFigure): string {
  if (value === null) {
    return NOTHING;
  }
  if (unit === 'count') {
    return formatCount(value);
  }
  return mid ? formatMid(value, unit) : formatValue(value, unit);
}

/** How it is graded, in a sentence. */
function gradingText(
  definition: KpiDefinition,
  targets: RowTargets | undefined,
  grade: KpiGrade,
): string {
  const text = targetText(definition, targets).replace(/^./, first =>
    first.toUpperCase(),
  );
  const { models, target } = grade;
  const { count, of } = definition.minimum;
  if (models) {
    return `Each model against its own target, from ${count} ${of} on: ${verdictText(
      grade,
    )}.`;
  }
  if (!target) {
    return `${text}: not graded here.`;
  }
  const what = isLatency(definition) ? 'By the mean, graded' : 'Graded';
  return `${text}. ${what} from ${count} ${of} on.`;
}

/** What a number means and what stands beside it, on demand; with the trend as a table. */
export function KpiDetails(props: {
  definition: KpiDefinition;
  row: KpiRow;
  targets: RowTargets | undefined;
  /** What an estimate rests on. */
  basis: string | undefined;
  trend: TrendPoint[] | undefined;
  trendGrain: Grain;
}) {
  const { definition, row, targets, basis, trend } = props;
  const grade = kpiGrade(definition, definition.read(row), targets);
  const definitions = useRouteRef(definitionsRouteRef)?.();
  return (
    <DialogTrigger>
      <ButtonIcon
        size="small"
        variant="tertiary"
        className={styles.button}
        icon={<RiInformationLine aria-hidden="true" />}
        aria-label={`About ${definition.name}`}
      />
      <Popover placement="bottom end" aria-label={definition.name}>
        <div className={`${tokens.root} ${styles.content}`}>
          <h4 className={styles.title}>{definition.name}</h4>
          <p className={styles.text}>{definition.definition}</p>
          <p className={styles.text}>
            {gradingText(definition, targets, grade)}
          </p>
          {basis && <p className={styles.text}>{basis}</p>}
          <dl className={styles.figures}>
            {definition.beside(row).map(figure => (
              <div key={figure.label} className={styles.figure}>
                <dt>{figure.label}</dt>
                <dd>{figureText(figure)}</dd>
              </div>
            ))}
          </dl>
          {trend && (
            <TrendTable
              definition={definition}
              trend={trend}
              grain={props.trendGrain}
            />
          )}
          {definitions && (
            <p className={styles.more}>
              <Link href={`${definitions}#${definition.id}`}>
                Definition and SQL
              </Link>
            </p>
          )}
        </div>
      </Popover>
    </DialogTrigger>
  );
}

function TrendTable(props: {
  definition: KpiDefinition;
  trend: TrendPoint[];
  grain: Grain;
}) {
  return (
    <details className={styles.trend}>
      <summary>Trend as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{stepHead(props.grain)}</th>
            <th scope="col">{props.definition.name}</th>
          </tr>
        </thead>
        <tbody>
          {[...props.trend].reverse().map(point => (
            <tr key={point.at}>
              <td>
                {formatStep(point.at, props.grain)}
                {point.running && ', not over'}
              </td>
              <td>{formatValue(point.value, props.definition.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
