import { KpiFilters, Window } from '@naap/plugin-naap-common';
import { memo, RefObject, useCallback, useMemo } from 'react';
import { useKpis } from '../api/queries';
import { ErrorPanel } from '../components/Panel';
import { formatCount } from '../lib/format';
import { RowSort, SortColumn } from '../lib/sortRows';
import styles from './ExplorerPage.module.css';
import { toggleSort } from './explorerState';
import { facetsByOrchestrator } from './facets';
import {
  OrchestratorTable,
  OrchestratorTableSkeleton,
} from './OrchestratorTable';
import { ChangeState } from './useExplorerState';

/** The orchestrators of the window and the filters. */
export const OrchestratorSection = memo(
  (props: {
    headingRef: RefObject<HTMLHeadingElement>;
    window: Required<Window>;
    filters: KpiFilters;
    sort: RowSort;
    onChange: ChangeState;
    onSelect: (orchestrator: string | null) => void;
  }) => {
    const { window, filters, sort, onChange } = props;
    const answer = useKpis({ ...window, filters, by: ['orchestrator'] });
    const facetAnswer = useKpis({
      ...window,
      filters,
      by: ['orchestrator', 'model', 'gpu', 'region'],
    });
    const facetRows = facetAnswer.data?.rows;
    const facets = useMemo(
      () => facetRows && facetsByOrchestrator(facetRows),
      [facetRows],
    );
    const onSort = useCallback(
      (column: SortColumn) => onChange({ sort: toggleSort(sort, column) }),
      [onChange, sort],
    );
    return (
      <section className={styles.card}>
        <h2 className={styles.title} ref={props.headingRef} tabIndex={-1}>
          Orchestrators
          {answer.data && (
            <span className={styles.subtitle}>
              {formatCount(
                answer.data.rows.filter(row => row.orchestrator).length,
              )}
            </span>
          )}
        </h2>
        {answer.isError && !answer.data && (
          <ErrorPanel
            what="The orchestrators"
            error={answer.error}
            onRetry={() => answer.refetch()}
          />
        )}
        {answer.isPending && <OrchestratorTableSkeleton />}
        {answer.data && (
          <div
            className={answer.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <OrchestratorTable
              rows={answer.data.rows}
              facets={facets}
              sort={sort}
              onSort={onSort}
              onSelect={props.onSelect}
            />
          </div>
        )}
      </section>
    );
  },
);
