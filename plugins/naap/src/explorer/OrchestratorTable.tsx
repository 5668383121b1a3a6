import { Skeleton } from '@backstage/ui';
import { KPI_CATALOGUE, KpiId, KpiRow } from '@naap/plugin-naap-common';
import { useVirtualizer } from '@tanstack/react-virtual';
import { KeyboardEvent, useMemo, useRef } from 'react';
import { useOperators } from '../api/queries';
import { TargetsOf } from '../api/useGroupTargets';
import tokens from '../components/tokens.module.css';
import { useHeld, useReading } from '../components/useReading';
import { MOST_COMPARED } from '../compare/compareState';
import { RowSort, Scores, SortColumn, sortRows } from '../lib/sortRows';
import { targetText } from '../lib/target';
import { useEntityLinks } from '../lib/useEntityLinks';
import { Facets, facetsOf } from './facets';
import { OrchestratorRow } from './OrchestratorRow';
import styles from './OrchestratorTable.module.css';

const ROW_HEIGHT = 46;

interface OrchestratorTableProps {
  rows: readonly KpiRow[];
  scores: Scores | undefined;
  /** The answer that they are of. */
  scoreAnswer: { isError: boolean; data: unknown };
  targetsOf: TargetsOf;
  facets: ReadonlyMap<string, Facets> | undefined;
  facetsFailed: boolean;
  /** Those that are picked to be compared. */
  picked: readonly string[];
  onPick: (orchestrator: string) => void;
  sort: RowSort;
  onSort: (column: SortColumn) => void;
  /** Goes down to the requests of one orchestrator; null is the row without one. */
  onSelect: (orchestrator: string | null) => void;
}

// In px, for the longest second line of each.
const KPI_WIDTHS: Record<KpiId, number> = {
  output_fps: 66,
  ptff: 88,
  e2e: 80,
  startup: 80,
  jitter: 76,
  failure_rate: 92,
  swap_rate: 92,
  cue: 72,
};

const HEADS: ReadonlyArray<{
  column?: SortColumn;
  label: string;
  title?: string;
  text?: boolean;
  /** In px; without one it takes what is left. */
  width?: number;
}> = [
  { column: 'orchestrator', label: 'Orchestrator', text: true, width: 150 },
  {
    column: 'score',
    label: 'Score',
    title:
      'SLA score from 0 to 100 with its 95 % interval, ranked by its lower end',
    text: true,
    width: 104,
  },
  { label: 'Model and GPU', text: true },
  ...KPI_CATALOGUE.map(kpi => ({
    column: kpi.id,
    label: kpi.estimated ? `${kpi.shortName}, est.` : kpi.shortName,
    title: `${kpi.name}, ${targetText(kpi)}`,
    width: KPI_WIDTHS[kpi.id],
  })),
  { column: 'requests', label: 'Requests', width: 88 },
];

/** Below it the table scrolls sideways; model and GPU need this much. */
const LEAST_WIDTH = HEADS.reduce((sum, { width = 142 }) => sum + width, 0);

/** Orchestrators with their KPIs. Only the rows in view are in the page, so that a thousand stay quick. */
export function OrchestratorTable(props: OrchestratorTableProps) {
  const { sort, scores, facets, picked, onPick, onSelect } = props;
  const entityLinks = useEntityLinks();
  const operators = useOperators();
  const { reading, props: readingProps } = useReading();
  const scroller = useRef<HTMLDivElement>(null);

  const sorted = useMemo(
    () => sortRows(props.rows, sort, scores),
    [props.rows, sort, scores],
  );
  // While somebody reads, numbers change in place and rows keep their order.
  const order = useHeld(
    sorted,
    reading,
    `${sort.column}:${sort.direction}:${sorted.length}`,
  );
  const current = useMemo(
    () => new Map(props.rows.map(row => [row.orchestrator, row])),
    [props.rows],
  );

  const virtualizer = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  const items = virtualizer.getVirtualItems();
  const above = items.length ? items[0].start : 0;
  const below = items.length
    ? virtualizer.getTotalSize() - items[items.length - 1].end
    : 0;

  const count = order.length;
  /** Arrow keys go from row to row, on the same control of each. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { control } = (event.target as HTMLElement).dataset;
    const row = (event.target as HTMLElement).closest('tr');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const index = Number(row?.dataset.index) + (step ?? NaN);
    if (!control || !(index >= 0 && index < count)) {
      return;
    }
    event.preventDefault();
    virtualizer.scrollToIndex(index);
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(
          `tr[data-index="${index}"] [data-control="${control}"]`,
        )
        ?.focus(),
    );
  };
  // They bubble from the buttons of the rows.
  const keys = { onKeyDown };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      {...readingProps}
      tabIndex={-1}
    >
      <table
        className={styles.table}
        style={{ minWidth: LEAST_WIDTH }}
        aria-label="Orchestrators"
        aria-rowcount={count + 1}
      >
        <colgroup>
          {HEADS.map(({ label, width }) => (
            <col key={label} style={{ width }} />
          ))}
        </colgroup>
        <Head sort={sort} onSort={props.onSort} />
        <tbody {...keys}>
          {above > 0 && <Spacer height={above} />}
          {items.map(item => {
            const row =
              current.get(order[item.index].orchestrator) ?? order[item.index];
            const orchestrator = row.orchestrator ?? '';
            const isPicked = picked.includes(orchestrator);
            return (
              <OrchestratorRow
                key={orchestrator}
                index={item.index}
                row={row}
                score={scores?.get(orchestrator)}
                operator={operators.get(orchestrator)?.name ?? null}
                scoreAnswer={props.scoreAnswer}
                targets={props.targetsOf(orchestrator)}
                facets={facets && facetsOf(facets, orchestrator)}
                facetsFailed={props.facetsFailed}
                href={entityLinks.orchestrator(orchestrator)}
                picked={
                  !isPicked && picked.length >= MOST_COMPARED ? null : isPicked
                }
                onPick={onPick}
                onSelect={onSelect}
              />
            );
          })}
          {below > 0 && <Spacer height={below} />}
        </tbody>
      </table>
    </div>
  );
}

function Spacer(props: { height: number }) {
  return (
    <tr aria-hidden="true">
      <td
        colSpan={HEADS.length}
        className={styles.spacer}
        style={{ height: props.height }}
      />
    </tr>
  );
}

function Head(props: { sort: RowSort; onSort: (column: SortColumn) => void }) {
  const { sort, onSort } = props;
  return (
    <thead>
      <tr aria-rowindex={1}>
        {HEADS.map(({ column, label, title, text }) => {
          const sorted = column === sort.column;
          const ariaSort =
            sort.direction === 'asc' ? 'ascending' : 'descending';
          return (
            <th
              key={label}
              scope="col"
              title={title}
              className={text ? undefined : styles.numeric}
              aria-sort={sorted ? ariaSort : undefined}
            >
              {column ? (
                <button
                  type="button"
                  className={styles.sort}
                  onClick={() => onSort(column)}
                >
                  {label}
                  <span aria-hidden="true" className={styles.arrow}>
                    {sorted && (sort.direction === 'asc' ? '↑' : '↓')}
                  </span>
                </button>
              ) : (
                label
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** Rows of the same height, so that nothing moves when the numbers come. */
export function OrchestratorTableSkeleton() {
  return (
    <div
      className={styles.loading}
      role="status"
      aria-label="Loading orchestrators"
    >
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton
          className={tokens.skeleton}
          key={index}
          width="100%"
          height={ROW_HEIGHT - 10}
        />
      ))}
    </div>
  );
}
