import {
  formatAge,
  formatCount,
  formatInterval,
  formatMid,
  formatSpan,
  formatUtc,
  formatValue,
  KPI_CATALOGUE,
  type KpiDefinition,
  kpiGrade,
  type KpiStatus,
  NOTHING,
  type RowTargets,
  targetFigure,
  targetSource,
  verdictReason,
  verdictText,
} from '@naap/plugin-naap-common';
import type { AnswerMeta, KpiDimension, KpiRow } from '@naap/serving';
import { list } from './output';

/** Statuses where there is no room for a word. */
const MARKS: Record<KpiStatus, string> = {
  met: '✓',
  not_met: '✗',
  inconclusive: '~',
  too_few: '…',
  no_target: '·',
};

/** What the marks of `groupRow` mean. */
export const MARKS_TEXT =
  '✓ met  ✗ not met  ~ inconclusive  … too few  · no target\n';

/** Not all terminals know the narrow space that pages have between a number and its unit. */
const plain = (text: string) => text.replaceAll('\u202f', ' ');

/** A row a KPI: the value that is graded, what it rests on, and how it stands to its target. */
export function kpiRows(row: KpiRow, targets: RowTargets): object[] {
  return KPI_CATALOGUE.map(kpi => {
    const reading = kpi.read(row);
    const grade = kpiGrade(kpi, reading, targets);
    const { target } = grade;
    const mid = (of: number | null | undefined) =>
      typeof of === 'number' ? plain(formatMid(of, kpi.unit)) : '';
    const reason =
      reading.graded === null
        ? reading.absence
        : verdictReason(kpi, reading, grade);
    return {
      KPI: kpi.name,
      value: plain(formatValue(reading.graded, kpi.unit)),
      n: formatCount(reading.n),
      '95 % interval': reading.interval
        ? plain(formatInterval(reading.interval, kpi.unit))
        : '',
      p50: mid(reading.percentiles?.p50),
      p95: mid(reading.percentiles?.p95),
      target: target
        ? [plain(targetFigure(target, kpi)), targetSource(target)]
            .filter(Boolean)
            .join(', ')
        : noTarget(kpi, targets),
      verdict: reason
        ? `${verdictText(grade)} (${reason})`
        : verdictText(grade),
    };
  });
}

/** `targetValueText` where the head of the column says that it is a target. */
function noTarget({ target }: KpiDefinition, targets: RowTargets): string {
  return typeof target === 'string' && targets[target] === null
    ? 'none for this model'
    : 'per model';
}

/** A row a group: what it is of, and each KPI with a mark. */
export function groupRow(
  row: KpiRow,
  by: readonly KpiDimension[],
  targets: RowTargets,
): object {
  return {
    ...Object.fromEntries(by.map(name => [name, row[name] ?? null])),
    requests: formatCount(row.requests),
    ...Object.fromEntries(
      KPI_CATALOGUE.map(kpi => {
        const reading = kpi.read(row);
        const { status } = kpiGrade(kpi, reading, targets);
        return [
          kpi.shortName,
          reading.graded === null
            ? NOTHING
            : `${plain(formatValue(reading.graded, kpi.unit))} ${
                MARKS[status]
              }`,
        ];
      }),
    ),
  };
}

/** The window and how fresh it is, in a line each. */
export function windowText(meta: AnswerMeta, now: Date): string {
  const { watermark, freshnessMs, firstHour, simulated } = meta;
  const { state } = meta.window;
  if (!watermark || !firstHour) {
    return 'nothing is served yet: ./naap ingest FILE, ./naap build, ./naap sync\n';
  }
  const from = meta.window.from ?? firstHour;
  const to = meta.window.to ?? watermark;
  const window = plain(formatSpan(new Date(from), new Date(to), now));
  const begins =
    from < firstHour && `data since ${formatUtc(new Date(firstHour), now)}`;
  const age = freshnessMs === null ? null : plain(formatAge(freshnessMs));
  const seen = formatUtc(new Date(watermark), now, { seconds: true });
  const said = (...parts: Array<string | null | false>) =>
    parts.filter(Boolean).join(', ');
  return list([
    ['window', said(window, state, begins)],
    ['as of', said(`${seen} UTC`, age, simulated && 'simulated network')],
  ]);
}
