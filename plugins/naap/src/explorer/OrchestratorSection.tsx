import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonLink } from '@backstage/ui';
import { isIdle, KpiFilters, Window } from '@naap/plugin-naap-common';
import { memo, useCallback, useMemo, useState } from 'react';
import { useKpis, useOperators, useScores } from '../api/queries';
import { useGroupTargets } from '../api/useGroupTargets';
import { MOST_COMPARED } from '../compare/compareState';
import { CardHead } from '../components/Card';
import { ErrorPanel } from '../components/Panel';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { formatCount } from '../lib/format';
import { RowSort, SortColumn } from '../lib/sortRows';
import { compareRouteRef } from '../routes';
import styles from './ExplorerPage.module.css';
import { formatWindow, toggleSort, WindowChoice } from './explorerState';
import { exportOrchestrators } from './exportTables';
import { facetsByOrchestrator } from './facets';
import {
  OrchestratorTable,
  OrchestratorTableSkeleton,
} from './OrchestratorTable';
import { ChangeState } from './useExplorerState';

/** The orchestrators of the window and the filters, by their score. */
export const OrchestratorSection = memo(
  (props: {
    choice: WindowChoice;
    window: Required<Window>;
    filters: KpiFilters;
    sort: RowSort;
    onChange: ChangeState;
    onSelect: (orchestrator: string | null) => void;
  }) => {
    const { choice, window, filters, sort, onChange } = props;
    const answer = useKpis({ ...window, filters, by: ['orchestrator'] });
    const scoreAnswer = useScores({ ...window, filters, by: 'orchestrator' });
    const facetAnswer = useKpis({
      ...window,
      filters,
      by: ['orchestrator', 'model', 'gpu', 'region'],
    });
    const operators = useOperators();
    const targetsOf = useGroupTargets(window, filters, 'orchestrator');
    const scoreRows = scoreAnswer.data?.rows;
    const scores = useMemo(
      () => scoreRows && new Map(scoreRows.map(score => [score.key, score])),
      [scoreRows],
    );
    const facetRows = facetAnswer.data?.rows;
    const facets = useMemo(
      () => facetRows && facetsByOrchestrator(facetRows),
      [facetRows],
    );
    const onSort = useCallback(
      (column: SortColumn) => onChange({ sort: toggleSort(sort, column) }),
      [onChange, sort],
    );
    const [picked, setPicked] = useState<string[]>([]);
    const onPick = useCallback(
      (orchestrator: string) =>
        setPicked(current =>
          current.includes(orchestrator)
            ? current.filter(other => other !== orchestrator)
            : [...current, orchestrator].slice(0, MOST_COMPARED),
        ),
      [],
    );
    // Ranked rows wait for their scores: else they would all move when those come.
    const pending =
      answer.isPending || (sort.column === 'score' && scoreAnswer.isPending);
    const { data } = answer;
    const rows = useMemo(() => data?.rows.filter(row => !isIdle(row)), [data]);
    return (
      <>
        <CardHead
          title="Orchestrators"
          subtitle={
            rows && formatCount(rows.filter(row => row.orchestrator).length)
          }
        >
          {picked.length > 0 && (
            <Compare
              picked={picked}
              choice={choice}
              onClear={() => setPicked([])}
            />
          )}
          {data && rows && (
            <ExportMenu
              what="orchestrators"
              load={() => ({
                table: exportOrchestrators(
                  rows,
                  sort,
                  scores,
                  facets,
                  operators,
                ),
                meta: exportMeta(data.meta),
              })}
            />
          )}
        </CardHead>
        {answer.isError && !data && (
          <ErrorPanel
            what="The orchestrators"
            error={answer.error}
            onRetry={() => answer.refetch()}
          />
        )}
        {scoreAnswer.isError && !scoreAnswer.data && data && (
          <ErrorPanel
            what="The scores"
            error={scoreAnswer.error}
            onRetry={() => scoreAnswer.refetch()}
          />
        )}
        {pending && <OrchestratorTableSkeleton />}
        {!pending && rows && (
          <div
            className={answer.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <OrchestratorTable
              rows={rows}
              scores={scores}
              scoreAnswer={scoreAnswer}
              targetsOf={targetsOf}
              facets={facets}
              facetsFailed={facetAnswer.isError && !facetAnswer.data}
              picked={picked}
              onPick={onPick}
              sort={sort}
              onSort={onSort}
              onSelect={props.onSelect}
            />
          </div>
        )}
      </>
    );
  },
);

/** The way to those that are picked, side by side. */
function Compare(props: {
  picked: readonly string[];
  choice: WindowChoice;
  onClear: () => void;
}) {
  const { picked, choice, onClear } = props;
  const path = useRouteRef(compareRouteRef)?.();
  const params = formatWindow(choice);
  picked.forEach(orchestrator => params.append('orchestrator', orchestrator));
  return (
    <>
      {picked.length > 1 && path ? (
        <ButtonLink size="small" variant="primary" href={`${path}?${params}`}>
          Compare {picked.length}
        </ButtonLink>
      ) : (
        <span className={styles.hint}>Pick one to three more to compare</span>
      )}
      <Button size="small" variant="tertiary" onPress={onClear}>
        Clear
      </Button>
    </>
  );
}
