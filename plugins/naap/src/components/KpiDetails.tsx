import { KpiDefinition, KpiFigure, KpiRow } from '@naap/plugin-naap-common';
import { ButtonIcon, DialogTrigger, Popover } from '@backstage/ui';
import { RiInformationLine } from '@remixicon/react';
import { formatCount, formatValue, NOTHING } from '../lib/format';
import { TrendPoint } from '../lib/sparkline';
import styles from './KpiDetails.module.css';
import tokens from './tokens.module.css';
import { UtcTime } from './UtcTime';

function figureText({ value, unit }: KpiFigure): string {
  if (value === null) {
    return NOTHING;
  }
  return unit === 'count' ? formatCount(value) : formatValue(value, unit);
}

/** What a number means and what stands beside it, on demand; with the trend as a table. */
export function KpiDetails(props: {
  definition: KpiDefinition;
  row: KpiRow;
  trend: TrendPoint[] | undefined;
}) {
  const { definition, row, trend } = props;
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
            {definition.target
              ? `${definition.targetText.replace(/^t/, 'T')}. Graded from ${
                  definition.minimum.count
                } ${definition.minimum.of} on.`
              : 'Not graded here: its target depends on the model.'}
          </p>
          <dl className={styles.figures}>
            {definition.beside(row).map(figure => (
              <div key={figure.label} className={styles.figure}>
                <dt>{figure.label}</dt>
                <dd>{figureText(figure)}</dd>
              </div>
            ))}
          </dl>
          {trend && <TrendTable definition={definition} trend={trend} />}
        </div>
      </Popover>
    </DialogTrigger>
  );
}

function TrendTable(props: { definition: KpiDefinition; trend: TrendPoint[] }) {
  return (
    <details className={styles.trend}>
      <summary>Trend as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Hour (UTC)</th>
            <th scope="col">{props.definition.name}</th>
          </tr>
        </thead>
        <tbody>
          {[...props.trend].reverse().map(point => (
            <tr key={point.hour}>
              <td>
                <UtcTime iso={point.hour} />
              </td>
              <td>{formatValue(point.value, props.definition.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
