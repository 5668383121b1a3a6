import {
  KPI_STATUS_TEXT,
  KpiDefinition,
  hasEnoughEvidence,
  kpiGrade,
  ModelTargets,
} from '@naap/plugin-naap-common';
import { useVirtualizer } from '@tanstack/react-virtual';
import { KeyboardEvent, memo, useRef, useState } from 'react';
import { StatusMark } from '../components/StatusMark';
import tokens from '../components/tokens.module.css';
import {
  cutMiddle,
  formatCount,
  formatCountOf,
  formatInterval,
  formatValue,
  NOTHING,
  shortAddress,
} from '../lib/format';
import { HeatMap, HeatReferences, heatShade } from './heatMap';
import styles from './HeatMap.module.css';

const HEAD_WIDTH = 128;
const CELL_WIDTH = 116;
const ROW_HEIGHT = 42;

export const MODEL_UNKNOWN = 'model unknown';

/**
 * The pairs as a grid: arrow keys, Home and End go from cell to cell, Enter goes down to the requests of a pair. Only
 * what is in view is in the page.
 */
export const HeatMapGrid = memo(
  (props: {
    map: HeatMap;
    definition: KpiDefinition;
    references: HeatReferences;
    targets: readonly ModelTargets[];
    onSelect: (orchestrator: string, model: string | null) => void;
  }) => {
    const { map, definition, references, targets, onSelect } = props;
    const scroller = useRef<HTMLDivElement>(null);
    const [active, setActive] = useState({ row: 0, column: 0 });
    const rows = useVirtualizer({
      count: map.orchestrators.length,
      getScrollElement: () => scroller.current,
      estimateSize: () => ROW_HEIGHT,
      overscan: 4,
    });
    const columns = useVirtualizer({
      horizontal: true,
      count: map.models.length,
      getScrollElement: () => scroller.current,
      estimateSize: () => CELL_WIDTH,
      overscan: 2,
    });
    const rowItems = rows.getVirtualItems();
    const columnItems = columns.getVirtualItems();
    const left = columnItems[0]?.start ?? 0;
    const right =
      columns.getTotalSize() - (columnItems[columnItems.length - 1]?.end ?? 0);
    const above = rowItems[0]?.start ?? 0;
    const below =
      rows.getTotalSize() - (rowItems[rowItems.length - 1]?.end ?? 0);

    const go = (row: number, column: number) => {
      setActive({ row, column });
      rows.scrollToIndex(row);
      columns.scrollToIndex(column);
      requestAnimationFrame(() =>
        scroller.current
          ?.querySelector<HTMLElement>(`[data-cell="${row}:${column}"]`)
          ?.focus(),
      );
    };
    const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
      const lastRow = map.orchestrators.length - 1;
      const lastColumn = map.models.length - 1;
      const { row, column } = active;
      const target = {
        ArrowDown: [Math.min(row + 1, lastRow), column],
        ArrowUp: [Math.max(row - 1, 0), column],
        ArrowRight: [row, Math.min(column + 1, lastColumn)],
        ArrowLeft: [row, Math.max(column - 1, 0)],
        Home: [event.ctrlKey ? 0 : row, 0],
        End: [event.ctrlKey ? lastRow : row, lastColumn],
      }[event.key];
      if (target) {
        event.preventDefault();
        go(target[0], target[1]);
      }
    };

    // They bubble from the cells, which are buttons.
    const keys = { onKeyDown };
    const spacers = (width: number, key: string) =>
      width > 0 && (
        <td key={key} aria-hidden="true" className={styles.spacer} />
      );
    return (
      <div ref={scroller} className={styles.scroller} tabIndex={-1}>
        <table
          role="grid"
          aria-label={`${definition.name} by orchestrator and model`}
          aria-rowcount={map.orchestrators.length + 1}
          aria-colcount={map.models.length + 1}
          className={styles.table}
          style={{ width: HEAD_WIDTH + columns.getTotalSize() }}
        >
          <colgroup>
            <col style={{ width: HEAD_WIDTH }} />
            {left > 0 && <col style={{ width: left }} />}
            {columnItems.map(({ index }) => (
              <col key={index} style={{ width: CELL_WIDTH }} />
            ))}
            {right > 0 && <col style={{ width: right }} />}
          </colgroup>
          <thead>
            <tr role="row" aria-rowindex={1}>
              <th role="columnheader" scope="col" aria-colindex={1}>
                Orchestrator
              </th>
              {spacers(left, 'left')}
              {columnItems.map(({ index }) => (
                <th
                  role="columnheader"
                  key={index}
                  scope="col"
                  aria-colindex={index + 2}
                  title={map.models[index] ?? MODEL_UNKNOWN}
                >
                  {cutMiddle(map.models[index] ?? MODEL_UNKNOWN, 15)}
                </th>
              ))}
              {spacers(right, 'right')}
            </tr>
          </thead>
          <tbody {...keys}>
            {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
            {rowItems.map(({ index: row }) => {
              const orchestrator = map.orchestrators[row];
              return (
                <tr role="row" key={orchestrator} aria-rowindex={row + 2}>
                  <th
                    role="rowheader"
                    scope="row"
                    aria-colindex={1}
                    title={orchestrator}
                  >
                    {shortAddress(orchestrator)}
                  </th>
                  {spacers(left, 'left')}
                  {columnItems.map(({ index: column }) => (
                    <Cell
                      key={column}
                      map={map}
                      definition={definition}
                      references={references}
                      targets={targets}
                      row={row}
                      column={column}
                      focusable={active.row === row && active.column === column}
                      onFocus={() => setActive({ row, column })}
                      onSelect={onSelect}
                    />
                  ))}
                  {spacers(right, 'right')}
                </tr>
              );
            })}
            {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
          </tbody>
        </table>
      </div>
    );
  },
);

function Cell(props: {
  map: HeatMap;
  definition: KpiDefinition;
  references: HeatReferences;
  targets: readonly ModelTargets[];
  row: number;
  column: number;
  /** Whether the tab key comes here: one cell of the grid has it. */
  focusable: boolean;
  onFocus: () => void;
  onSelect: (orchestrator: string, model: string | null) => void;
}) {
  const { map, definition, references, row, column } = props;
  const orchestrator = map.orchestrators[row];
  const model = map.models[column];
  const kpis = map.cell(orchestrator, model);
  const focus = {
    'data-cell': `${row}:${column}`,
    tabIndex: props.focusable ? 0 : -1,
    onFocus: props.onFocus,
  };
  const cell = { role: 'gridcell', 'aria-colindex': column + 2 };
  if (!kpis) {
    return (
      <td {...cell} {...focus} className={styles.empty} title="No request">
        <span className={tokens.visuallyHidden}>No request</span>
      </td>
    );
  }
  const reading = definition.read(kpis);
  const own = props.targets.find(target => target.model === model);
  const grade = kpiGrade(definition, reading, own);
  const shade = heatShade(definition, kpis, references);
  const value = formatValue(reading.graded, definition.unit);
  const pair = `${shortAddress(orchestrator)} with ${cutMiddle(
    model ?? MODEL_UNKNOWN,
    60,
  )}`;
  const sureness = [
    reading.interval &&
      `95 % interval ${formatInterval(reading.interval, definition.unit)}`,
    grade.target && KPI_STATUS_TEXT[grade.status],
    !grade.target &&
      !hasEnoughEvidence(definition, reading) &&
      KPI_STATUS_TEXT.too_few,
  ].filter(Boolean);
  const title = [
    pair,
    `${definition.name} ${reading.absence ?? value}`,
    `n ${formatCountOf(reading.n, definition.countOf)}`,
    ...sureness,
  ].join(', ');
  return (
    <td
      {...cell}
      className={shade === null ? undefined : styles[`shade${shade}`]}
    >
      <button
        {...focus}
        type="button"
        className={styles.cell}
        title={title}
        onClick={() => props.onSelect(orchestrator, model)}
      >
        <span className={tokens.visuallyHidden}>
          {pair}, {definition.name}{' '}
        </span>
        <span className={styles.value}>
          {grade.target && <StatusMark status={grade.status} word={false} />}
          {reading.graded === null ? NOTHING : value}
        </span>
        <span className={styles.n}>n {formatCount(reading.n)}</span>
        <span className={tokens.visuallyHidden}>{sureness.join(', ')}</span>
      </button>
    </td>
  );
}
