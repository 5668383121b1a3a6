import {
  AnswerMeta,
  isLatency,
  KpiDefinition,
  KpiGrade,
  kpiGrade,
  KpiReading,
  KpiRow,
  PeerMedian,
  RowTargets,
  verdictReason,
  verdictText,
} from '@naap/plugin-naap-common';
import {
  formatCount,
  formatCountOf,
  formatInterval,
  formatMid,
  formatValue,
  NOTHING,
  quantity,
} from '../lib/format';
import { Grain } from '../lib/series';
import { TrendPoint } from '../lib/sparkline';
import { targetSource, targetText, targetValueText } from '../lib/target';
import { Freshness } from './Freshness';
import { KpiDetails } from './KpiDetails';
import styles from './KpiValue.module.css';
import { Sparkline } from './Sparkline';
import { StatusMark } from './StatusMark';
import tokens from './tokens.module.css';

/** What a KPI was in the period before. */
export interface KpiBefore {
  row: KpiRow;
  /** From when to when, and since when there is data in it. */
  period: string;
}

export interface KpiTileContext {
  trend: TrendPoint[] | undefined;
  trendGrain: Grain;
  /** How long the trend is, in words. */
  trendSpan: string;
  /** The whole network in the same window, when the row is only a part of it. */
  network?: KpiRow;
  /** The period before; absent where it has no numbers, or they are on their way. */
  before?: KpiBefore | 'failed';
  /** The middle of those of its kind, and what they are: "orchestrators". */
  peers?: PeerMedian & { of: string };
  /** What an estimate rests on. */
  basis?: string;
  meta: AnswerMeta;
  /** The trend could not be asked for. */
  trendFailed?: boolean;
  /** Goes down one level. */
  onSelect: () => void;
  /** What `onSelect` does. */
  selectHint: string;
}

interface KpiValueProps {
  definition: KpiDefinition;
  row: KpiRow;
  /** Of what the row is about; without them only what is the same for all is graded. */
  targets?: RowTargets;
  /** Given, the number is drawn as a tile; absent, as the content of a table cell. */
  tile?: KpiTileContext;
  /** A cell that has room: with all that a tile says of the number itself. */
  roomy?: boolean;
}

/** A number of a KPI and all that follows from it. */
interface Graded {
  definition: KpiDefinition;
  reading: KpiReading;
  grade: KpiGrade;
  targets: RowTargets | undefined;
}

/** A KPI is never a bare number: value, unit, status, target, interval or percentiles, and n, the same everywhere. */
export function KpiValue(props: KpiValueProps) {
  const { definition, row, targets, tile, roomy } = props;
  const reading = definition.read(row);
  const grade = kpiGrade(definition, reading, targets);
  const graded = { definition, reading, grade, targets };
  if (tile) {
    return <KpiTile graded={graded} row={row} tile={tile} />;
  }
  return roomy ? (
    <div className={styles.roomy} title={describe(graded)}>
      <Verdict graded={graded} />
    </div>
  ) : (
    <KpiCell graded={graded} />
  );
}

/** Everything about the number in one sentence, for hover and for those who listen. */
function describe(graded: Graded): string {
  const { definition, reading, grade } = graded;
  if (reading.graded === null) {
    return `${definition.name}: ${reading.absence}`;
  }
  const { unit } = definition;
  const { interval, percentiles } = reading;
  const parts = [
    percentiles
      ? `mean ${formatValue(reading.graded, unit)}`
      : formatValue(reading.graded, unit),
    definition.estimated && 'estimated',
    interval && `95 % interval ${formatInterval(interval, unit)}`,
    ...(['p50', 'p95', 'p99'] as const).map(
      name =>
        typeof percentiles?.[name] === 'number' &&
        `${name} ${formatMid(percentiles[name], unit)}`,
    ),
    `n ${formatCountOf(reading.n, definition.countOf)}`,
    targetText(definition, graded.targets),
    isGraded(grade) && verdictText(grade),
    verdictReason(definition, reading, grade),
  ];
  return `${definition.name}: ${parts.filter(Boolean).join(', ')}`;
}

/** `before 0.3 %`; a figure of too few is called so. */
function pastText(
  definition: KpiDefinition,
  before: NonNullable<KpiTileContext['before']>,
): string {
  if (before === 'failed') {
    return 'before: failed to load';
  }
  const { graded, evidence: found } = definition.read(before.row);
  const isFew = graded !== null && found < definition.minimum.count;
  return `before ${formatValue(graded, definition.unit)}${
    isFew ? ', too few' : ''
  }`;
}

/** Whether there is a target, or one of each of several models. */
function isGraded({ target, models }: KpiGrade): boolean {
  return target !== null || models !== null;
}

function KpiCell({ graded }: { graded: Graded }) {
  const { definition, reading, grade } = graded;
  const title = describe(graded);
  if (reading.graded === null) {
    return (
      <span className={styles.cell} title={title}>
        <span aria-hidden="true">{NOTHING}</span>
        <span className={tokens.visuallyHidden}>{reading.absence}</span>
      </span>
    );
  }
  return (
    <span className={styles.cell} title={title}>
      <span className={styles.cellValue}>
        {isGraded(grade) && (
          <StatusMark
            status={grade.status}
            word={false}
            text={verdictText(grade)}
          />
        )}
        {formatValue(reading.graded, definition.unit)}
      </span>
      <span className={styles.cellEvidence}>
        {evidence(definition, reading)}
      </span>
    </span>
  );
}

/** The second line of a cell: what says how far the first one can be trusted. */
function evidence(definition: KpiDefinition, reading: KpiReading): string {
  const { interval, percentiles } = reading;
  if (interval) {
    return formatInterval(interval, definition.unit);
  }
  if (definition.direction === 'lower' && percentiles?.p95 !== undefined) {
    return `p95 ${formatMid(percentiles.p95, definition.unit)}`;
  }
  return `n ${formatCount(reading.n)}`;
}

function KpiTile(props: { graded: Graded; row: KpiRow; tile: KpiTileContext }) {
  const { graded, row, tile } = props;
  const { definition, targets } = graded;
  return (
    <article className={styles.tile} aria-label={describe(graded)}>
      <header className={styles.head}>
        <h3 className={styles.name}>
          <button
            type="button"
            className={styles.select}
            title={tile.selectHint}
            onClick={tile.onSelect}
          >
            {definition.name}
          </button>
        </h3>
        <KpiDetails
          definition={definition}
          row={row}
          targets={targets}
          basis={tile.basis}
          trend={tile.trend}
          trendGrain={tile.trendGrain}
        />
      </header>
      <Verdict graded={graded} before={tile.before} />
      <div className={styles.trend}>
        {tile.trend && (
          <Sparkline
            definition={definition}
            points={tile.trend}
            grain={tile.trendGrain}
            target={graded.grade.target?.value ?? null}
          />
        )}
        <span className={styles.trendText}>
          {tile.trendFailed ? 'trend failed to load' : tile.trendSpan}
          <Beside definition={definition} tile={tile} />
        </span>
      </div>
      <footer className={styles.freshness}>
        <Freshness
          watermark={tile.meta.watermark}
          state={tile.meta.window.state}
        />
      </footer>
    </article>
  );
}

/** The number, how it stands to its target, and what says how far it can be trusted. */
function Verdict(props: { graded: Graded; before?: KpiTileContext['before'] }) {
  const { graded, before } = props;
  const { definition, reading, grade, targets } = graded;
  const source = targetSource(grade.target);
  const reason =
    reading.graded === null ? null : verdictReason(definition, reading, grade);
  return (
    <>
      <div className={styles.figures}>
        <Figures definition={definition} reading={reading} />
        {before && <Past definition={definition} before={before} />}
      </div>
      <div className={styles.verdict}>
        <StatusMark
          status={grade.status}
          word={isGraded(grade)}
          text={isGraded(grade) ? verdictText(grade) : undefined}
        />
        {!grade.models && <span>{targetValueText(definition, targets)}</span>}
      </div>
      {source && <div className={styles.source}>{source}</div>}
      {reason && <div className={styles.source}>{reason}</div>}
      <div className={styles.evidence}>
        <TileEvidence definition={definition} reading={reading} />
      </div>
    </>
  );
}

/** What it was in the period before, which is named on hover. */
function Past(props: {
  definition: KpiDefinition;
  before: NonNullable<KpiTileContext['before']>;
}) {
  const { definition, before } = props;
  let title = 'The period before failed to load';
  if (before !== 'failed') {
    const { absence, n } = definition.read(before.row);
    title = `${before.period}: ${
      absence ?? `n ${formatCountOf(n, definition.countOf)}`
    }`;
  }
  return (
    <span className={styles.past} title={title}>
      {pastText(definition, before)}
    </span>
  );
}

/** What to hold the number against: the whole network, or the middle of its kind. */
function Beside(props: { definition: KpiDefinition; tile: KpiTileContext }) {
  const { definition, tile } = props;
  const { unit } = definition;
  if (tile.peers) {
    const { value, n, of } = tile.peers;
    return (
      <span
        className={styles.beside}
        title={`Median over the ${formatCountOf(
          n,
          of,
        )} of the network with enough data in this window`}
      >
        median of {formatCount(n)}: {formatValue(value, unit)}
      </span>
    );
  }
  return tile.network ? (
    <span className={styles.beside}>
      network {formatValue(definition.read(tile.network).graded, unit)}
    </span>
  ) : null;
}

function Figures(props: { definition: KpiDefinition; reading: KpiReading }) {
  const { definition, reading } = props;
  if (reading.graded === null) {
    return (
      <span className={styles.number} title={reading.absence ?? undefined}>
        {NOTHING}
      </span>
    );
  }
  return (
    <>
      <Figure
        definition={definition}
        value={reading.graded}
        label={isLatency(definition) ? 'mean' : undefined}
      />
      {definition.estimated && <span className={styles.note}>estimated</span>}
    </>
  );
}

function Figure(props: {
  definition: KpiDefinition;
  value: number;
  label?: string;
}) {
  const { number, unit } = quantity(props.value, props.definition.unit);
  return (
    <span className={styles.figure}>
      {props.label && <span className={styles.label}>{props.label}</span>}
      <span className={styles.number}>{number}</span>
      {unit && <span className={styles.unit}>{unit}</span>}
    </span>
  );
}

function TileEvidence(props: {
  definition: KpiDefinition;
  reading: KpiReading;
}) {
  const { definition, reading } = props;
  if (reading.graded === null) {
    return <span>{reading.absence}</span>;
  }
  const { unit } = definition;
  const { interval, percentiles } = reading;
  const n = `n ${formatCount(reading.n)}`;
  const parts = [n];
  if (interval) {
    parts.unshift(formatInterval(interval, unit));
  } else {
    parts.unshift(
      ...(['p50', 'p95'] as const).flatMap(name => {
        const value = percentiles?.[name];
        return typeof value === 'number'
          ? [`${name} ${formatMid(value, unit)}`]
          : [];
      }),
    );
  }
  return <span>{parts.join('  ·  ')}</span>;
}
