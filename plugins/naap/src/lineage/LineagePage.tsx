import { Skeleton, useBreakpoint } from '@backstage/ui';
import { LineageAnswer } from '@naap/plugin-naap-common';
import { RiErrorWarningLine } from '@remixicon/react';
import { useCallback, useMemo } from 'react';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { around } from './graph';
import { LineageGraph } from './LineageGraph';
import styles from './LineagePage.module.css';
import { LineageTable } from './LineageTable';
import { LineageToolbar } from './LineageToolbar';
import { matches } from './nodeState';
import { NodePanel } from './NodePanel';
import { useLineage } from './queries';
import { useHighlighted } from './useHighlighted';
import { useLineageState } from './useLineageState';

/** The way of the data from topic to API, with where each node of it stands. */
export function LineagePage() {
  const lineage = useLineage();
  return (
    <div className={styles.page}>
      {lineage.isError && (
        <ErrorPanel
          what="The lineage"
          error={lineage.error}
          onRetry={() => lineage.refetch()}
        />
      )}
      {lineage.isPending && (
        <div role="status" aria-label="Loading the lineage">
          <Skeleton className={tokens.skeleton} width="100%" height={480} />
        </div>
      )}
      {lineage.data && (
        <>
          <Problems problems={lineage.data.problems} />
          {lineage.data.nodes.length > 0 ? (
            <LineageView lineage={lineage.data} nowMs={lineage.dataUpdatedAt} />
          ) : (
            <EmptyPanel title="No lineage yet">
              Install the backend modules that bring it: ingestion, lakehouse,
              dbt and serving.
            </EmptyPanel>
          )}
        </>
      )}
    </div>
  );
}

/** One line for each part that could not be read. */
function Problems({ problems }: Pick<LineageAnswer, 'problems'>) {
  return (
    <div className={styles.problems} role="status">
      {problems.map(problem => (
        <p key={problem} className={styles.problem}>
          <RiErrorWarningLine aria-hidden="true" />
          <span>
            <strong>Part of the lineage is missing.</strong> {problem}
          </span>
        </p>
      ))}
    </div>
  );
}

function LineageView(props: { lineage: LineageAnswer; nowMs: number }) {
  const { lineage, nowMs } = props;
  const { nodes, edges } = lineage;
  const [state, change] = useLineageState();
  const isNarrow = useBreakpoint().down('sm');
  const view = state.view ?? (isNarrow ? 'table' : 'graph');

  const selected = nodes.find(node => node.id === state.node);
  const selectedId = selected?.id ?? null;
  const highlighted = useHighlighted(edges, selectedId, state.column);
  const shown = useMemo(
    () =>
      selectedId === null || state.depth === 'all'
        ? { nodes, edges, hidden: 0 }
        : around({ nodes, edges }, selectedId, Number(state.depth)),
    [nodes, edges, selectedId, state.depth],
  );
  const found = useMemo(
    () => nodes.filter(node => matches(node, state.search)).map(n => n.id),
    [nodes, state.search],
  );
  const foundSet = useMemo(() => new Set(found), [found]);
  const titles = useMemo(
    () => new Map(nodes.map(({ id, title }) => [id, title])),
    [nodes],
  );
  const titleOf = (id: string) => titles.get(id) ?? id;
  const select = useCallback(
    (node: string | null, column: string | null = null) =>
      change({ node, column }),
    [change],
  );
  const goToNextFound = () => {
    const next = found[(found.indexOf(state.node ?? '') + 1) % found.length];
    if (next) {
      // One that the depth hides would not be seen.
      change({ node: next, column: null, depth: 'all' });
    }
  };

  return (
    <>
      <LineageToolbar
        state={state}
        view={view}
        found={found.length}
        hidden={shown.hidden}
        hasSelection={selected !== undefined}
        onChange={change}
        onNextFound={goToNextFound}
      />
      <div className={selected && styles.withPanel}>
        {view === 'graph' ? (
          <LineageGraph
            nodes={shown.nodes}
            edges={shown.edges}
            selected={selectedId}
            highlighted={highlighted}
            found={foundSet}
            nowMs={nowMs}
            onSelect={select}
          />
        ) : (
          <LineageTable
            nodes={
              state.search
                ? shown.nodes.filter(({ id }) => foundSet.has(id))
                : shown.nodes
            }
            edges={edges}
            selected={selectedId}
            nowMs={nowMs}
            titleOf={titleOf}
            onSelect={select}
          />
        )}
        {selected && (
          <NodePanel
            key={selected.id}
            node={selected}
            column={state.column}
            nowMs={nowMs}
            titleOf={titleOf}
            onSelect={select}
            onColumn={column => change({ column })}
            onClose={() => select(null)}
          />
        )}
      </div>
    </>
  );
}
