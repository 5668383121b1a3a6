import { KpiId, Window } from '@naap/plugin-naap-common';
import { useMemo } from 'react';
import { useKpis, useScores } from '../api/queries';
import { Card, CardHead, goToCard } from '../components/Card';
import { Freshness } from '../components/Freshness';
import { ErrorPanel } from '../components/Panel';
import { exportKpis } from '../explorer/exportTables';
import { formatWindow, WindowChoice } from '../explorer/explorerState';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { useTargets } from '../scorecard/queries';
import { CompareKind } from './compareState';
import { CompareTable, CompareTableSkeleton } from './CompareTable';
import { CompareTrend } from './CompareTrend';
import { comparedOf } from './compared';
import { ChangeCompare } from './useCompareState';

const TREND_HEIGHT = 372;

/** The chosen ones: their KPIs in a table, and one KPI over time. */
export function Comparison(props: {
  kind: CompareKind;
  ids: readonly string[];
  choice: WindowChoice;
  window: Required<Window>;
  kpi: KpiId;
  onChange: ChangeCompare;
}) {
  const { kind, ids, choice, window, kpi, onChange } = props;
  const filters = useMemo(() => ({ [kind]: [...ids] }), [kind, ids]);
  const totals = useKpis({ ...window, filters, by: [kind] });
  const pairs = useKpis({ ...window, filters, by: ['orchestrator', 'model'] });
  const scores = useScores({ ...window, filters, by: kind });
  const targets = useTargets(window);
  const peers = useKpis({ ...window, by: [kind] });
  const { data } = totals;
  const failed = [targets, pairs].some(
    answer => answer.isError && !answer.data,
  );
  const compared = useMemo(
    () =>
      comparedOf(kind, ids, {
        totals: data?.rows,
        pairs: pairs.data?.rows,
        scores: scores.data?.rows,
        targets: targets.data?.rows,
        failed,
      }),
    [kind, ids, data, pairs.data, scores.data, targets.data, failed],
  );
  return (
    <>
      <Card id="figures">
        <CardHead
          title="Side by side"
          subtitle={
            data && (
              <Freshness
                watermark={data.meta.watermark}
                state={data.meta.window.state}
              />
            )
          }
        >
          {data && (
            <ExportMenu
              what="comparison"
              load={() => ({
                table: exportKpis(`compared-${kind}s`, data.rows),
                meta: exportMeta(data.meta),
              })}
            />
          )}
        </CardHead>
        {totals.isError && !data && (
          <ErrorPanel
            what="The key figures"
            error={totals.error}
            onRetry={() => totals.refetch()}
          />
        )}
        {scores.isError && !scores.data && data && (
          <ErrorPanel
            what="The scores"
            error={scores.error}
            onRetry={() => scores.refetch()}
          />
        )}
        {totals.isPending && <CompareTableSkeleton columns={ids.length} />}
        {data && (
          <CompareTable
            kind={kind}
            compared={compared}
            peers={peers.data?.rows}
            search={formatWindow(choice).toString()}
            // Rows of those that came last are still on their way then.
            loading={totals.isPlaceholderData}
            scoreAnswer={scores}
            onKpi={id => {
              onChange({ kpi: id });
              goToCard('trend');
            }}
            onRemove={id =>
              onChange({ ids: ids.filter(other => other !== id) })
            }
          />
        )}
      </Card>
      <Card id="trend" lazy={{ title: 'Trends', height: TREND_HEIGHT }}>
        <CompareTrend
          kind={kind}
          ids={ids}
          window={window}
          filters={filters}
          kpi={kpi}
          onKpi={id => onChange({ kpi: id })}
        />
      </Card>
    </>
  );
}
