import { Button, Skeleton } from '@backstage/ui';
import {
  KpiDefinition,
  kpiDefinition,
  KpiFilters,
  KpiId,
  ModelTargets,
  Window,
} from '@naap/plugin-naap-common';
import { memo, useMemo } from 'react';
import { useKpis } from '../api/queries';
import { useTargets } from '../scorecard/queries';
import { CardHead } from '../components/Card';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { formatCountOf } from '../lib/format';
import styles from './ExplorerPage.module.css';
import { exportKpis } from './exportTables';
import { HeatMap, heatMapOf, heatReferences, SHADES } from './heatMap';
import heatStyles from './HeatMap.module.css';
import { HeatMapGrid } from './HeatMapGrid';
import { KpiSelect } from './KpiSelect';
import { ChangeState } from './useExplorerState';

const NO_TARGETS: ModelTargets[] = [];

/** What fits without scrolling; the others are a click away. */
const BUSIEST = { orchestrators: 12, models: 7 };

/** Which orchestrator is good at which model, by one KPI. */
export const HeatMapSection = memo(
  (props: {
    window: Required<Window>;
    filters: KpiFilters;
    kpi: KpiId;
    all: boolean;
    onChange: ChangeState;
    onSelect: (orchestrator: string, model: string | null) => void;
  }) => {
    const { window, filters, all, onChange } = props;
    const answer = useKpis({
      ...window,
      filters,
      by: ['orchestrator', 'model'],
    });
    const { data } = answer;
    const definition = kpiDefinition(props.kpi);
    const map = useMemo(
      () => data && heatMapOf(data.rows, all ? null : BUSIEST),
      [data, all],
    );
    const targets = useTargets(window);
    const targetRows = targets.data?.rows;
    const references = useMemo(
      () => data && heatReferences(definition, data.rows, targetRows ?? []),
      [data, definition, targetRows],
    );
    return (
      <>
        <CardHead title="Orchestrator × model">
          <KpiSelect
            label="KPI of the heat map"
            selected={props.kpi}
            onChange={heat => onChange({ heat })}
          />
          {data && (
            <ExportMenu
              what="heat map"
              load={() => ({
                table: exportKpis('orchestrators-models', data.rows),
                meta: exportMeta(data.meta),
              })}
            />
          )}
        </CardHead>
        {answer.isError && !data && (
          <ErrorPanel
            what="The heat map"
            error={answer.error}
            onRetry={() => answer.refetch()}
          />
        )}
        {answer.isPending && (
          <Skeleton
            className={tokens.skeleton}
            width="100%"
            height={420}
            role="status"
            aria-label="Loading heat map"
          />
        )}
        {map && map.orchestrators.length === 0 && (
          <EmptyPanel title="No orchestrator to compare">
            None of the requests here can be told an orchestrator for.
          </EmptyPanel>
        )}
        {map && references && map.orchestrators.length > 0 && (
          <div
            className={answer.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <HeatMapGrid
              // Another choice of rows begins at its first cell.
              key={String(all)}
              map={map}
              definition={definition}
              references={references}
              targets={targetRows ?? NO_TARGETS}
              onSelect={props.onSelect}
            />
            <div className={heatStyles.foot}>
              <Legend definition={definition} none={references.size === 0} />
              <span>{leftOut(map)}</span>
              {(all || map.hidden.orchestrators + map.hidden.models > 0) && (
                <Button
                  size="small"
                  variant="tertiary"
                  onPress={() => onChange({ allPairs: !all })}
                >
                  {all ? 'Only the busiest' : 'Show all'}
                </Button>
              )}
            </div>
          </div>
        )}
      </>
    );
  },
);

/** What the map does not show. */
function leftOut({ hidden, unattributed }: HeatMap): string {
  const parts = [
    hidden.orchestrators > 0 &&
      formatCountOf(hidden.orchestrators, 'orchestrators'),
    hidden.models > 0 && formatCountOf(hidden.models, 'models'),
  ].filter(Boolean);
  return [
    parts.length > 0 && `${parts.join(' and ')} hidden.`,
    unattributed > 0 &&
      `${formatCountOf(unattributed, 'requests')} without an orchestrator.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function Legend(props: { definition: KpiDefinition; none: boolean }) {
  if (props.none) {
    return <span>Too few in each pair: nothing is shaded.</span>;
  }
  return (
    <span className={heatStyles.legend}>
      at the target of the model or better
      {Array.from({ length: SHADES }, (_, shade) => (
        <span
          key={shade}
          aria-hidden="true"
          className={`${heatStyles.swatch} ${heatStyles[`shade${shade}`]}`}
        />
      ))}
      more than twice as bad; a model without a target is held against its
      median; too few: no shade
      {props.definition.estimated && '; estimated'}
    </span>
  );
}
