import { Skeleton } from '@backstage/ui';
import { KPI_CATALOGUE, KpiRow } from '@naap/plugin-naap-common';
import { useVirtualizer } from '@tanstack/react-virtual';
import { KeyboardEvent, memo, useMemo, useRef } from 'react';
import { CopyButton } from '../components/CopyButton';
import { KpiValue } from '../components/KpiValue';
import tokens from '../components/tokens.module.css';
import { useHeld, useReading } from '../components/useReading';
import { cutMiddle, formatCount, NOTHING, shortAddress } from '../lib/format';
import { RowSort, SortColumn, sortRows } from '../lib/sortRows';
import { Facets, facetsOf } from './facets';
import styles from './OrchestratorTable.module.css';

const ROW_HEIGHT = 46;

interface OrchestratorTableProps {
  rows: readonly KpiRow[];
  facets: ReadonlyMap<string, Facets> | undefined;
  sort: RowSort;
  onSort: (column: SortColumn) => void;
  /** Goes down to the requests of one orchestrator; null is the row without one. */
  onSelect: (orchestrator: string | null) => void;
}

const HEADS: ReadonlyArray<{
  column?: SortColumn;
  label: string;
  title?: string;
  text?: boolean;
}> = [
  { column: 'orchestrator', label: 'Orchestrator', text: true },
  { label: 'Model and GPU', text: true },
  ...KPI_CATALOGUE.map(kpi => ({
    column: kpi.id,
    label: kpi.estimated ? `${kpi.shortName}, est.` : kpi.shortName,
    title: `${kpi.name}, ${kpi.targetText}`,
  })),
  { column: 'requests', label: 'Requests' },
];

/** Orchestrators with their eight KPIs. Only the rows in view are in the page, so that a thousand stay quick. */
export function OrchestratorTable(props: OrchestratorTableProps) {
  const { sort, facets, onSelect } = props;
  const { reading, props: readingProps } = useReading();
  const scroller = useRef<HTMLDivElement>(null);

  const sorted = useMemo(() => sortRows(props.rows, sort), [props.rows, sort]);
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

  /** Arrow keys go from row to row. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = (event.target as HTMLElement).closest('tr')?.dataset.index;
    if (!step || from === undefined) {
      return;
    }
    const index = Number(from) + step;
    if (index < 0 || index >= order.length) {
      return;
    }
    event.preventDefault();
    virtualizer.scrollToIndex(index);
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`tr[data-index="${index}"] [data-select]`)
        ?.focus(),
    );
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      {...readingProps}
      tabIndex={-1}
    >
      <table
        className={styles.table}
        aria-label="Orchestrators"
        aria-rowcount={order.length + 1}
        onKeyDown={onKeyDown}
      >
        <Head sort={sort} onSort={props.onSort} />
        <tbody>
          {above > 0 && <Spacer height={above} />}
          {items.map(item => {
            const row =
              current.get(order[item.index].orchestrator) ?? order[item.index];
            return (
              <Row
                key={row.orchestrator ?? ''}
                index={item.index}
                row={row}
                facets={facetsOf(facets, row.orchestrator)}
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

const Row = memo(function Row(props: {
  index: number;
  row: KpiRow;
  facets: Facets;
  onSelect: (orchestrator: string | null) => void;
}) {
  const { index, row, facets, onSelect } = props;
  const orchestrator = row.orchestrator ?? null;
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      onClick={event => {
        // The buttons inside do what they say; anywhere else on the row goes down to its requests.
        if (!(event.target as HTMLElement).closest('button')) {
          onSelect(orchestrator);
        }
      }}
    >
      <th scope="row">
        <div className={styles.identity}>
          <button
            type="button"
            data-select
            className={styles.select}
            title={
              orchestrator ??
              'Requests that no orchestrator can be told for; they count in the network and are not ranked'
            }
            onClick={() => onSelect(orchestrator)}
          >
            {orchestrator ? shortAddress(orchestrator) : 'not attributed'}
          </button>
          {orchestrator && <CopyButton text={orchestrator} what="address" />}
        </div>
        <ListText
          values={facets.regions}
          length={18}
          absence="No region can be told from its gateways"
        />
      </th>
      <td>
        <div className={styles.facets}>
          <span className={styles.model}>
            <ListText
              values={facets.models}
              length={24}
              absence="Model unknown"
            />
          </span>
          <ListText values={facets.gpus} length={26} absence="GPU unknown" />
        </div>
      </td>
      {KPI_CATALOGUE.map(definition => (
        <td key={definition.id} className={styles.numeric}>
          <KpiValue definition={definition} row={row} />
        </td>
      ))}
      <td className={styles.numeric}>{formatCount(row.requests)}</td>
    </tr>
  );
});

/** The first value and how many more; all of them on hover. */
function ListText(props: {
  values: string[];
  length: number;
  absence: string;
}) {
  const { values, length, absence } = props;
  if (values.length === 0) {
    return (
      <span className={styles.secondary} title={absence}>
        <span aria-hidden="true">{NOTHING}</span>
        <span className={tokens.visuallyHidden}>{absence}</span>
      </span>
    );
  }
  return (
    <span className={styles.secondary} title={values.join('\n')}>
      {cutMiddle(values[0], length)}
      {values.length > 1 && ` +${values.length - 1}`}
    </span>
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
