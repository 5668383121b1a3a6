import { Skeleton } from '@backstage/ui';
import {
  KPI_CATALOGUE,
  kpiTarget,
  MODEL_TARGET_DEFINITION,
  ModelTargets,
} from '@naap/plugin-naap-common';
import { CardHead } from '../components/Card';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import tokens from '../components/tokens.module.css';
import { resolveWindow } from '../explorer/explorerState';
import { useSame } from '../explorer/useExplorerState';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta, ExportTable } from '../export/table';
import { cutMiddle, NOTHING } from '../lib/format';
import { targetSource, targetValueText } from '../lib/target';
import { useTargets } from '../scorecard/queries';
import styles from './DefinitionsPage.module.css';

const OWN = KPI_CATALOGUE.filter(kpi => typeof kpi.target === 'string');

/** The targets of every model for a window of the last day, and where each comes from. */
export function TargetSection() {
  const window = useSame(resolveWindow({ preset: '24h' }, Date.now()));
  const targets = useTargets(window);
  const { data } = targets;
  return (
    <>
      <CardHead title="Targets by model" subtitle="for the last 24 h">
        {data && (
          <ExportMenu
            what="targets"
            load={() => ({
              table: exportTargets(data.rows),
              meta: exportMeta(data.meta),
            })}
          />
        )}
      </CardHead>
      <p className={styles.text}>{MODEL_TARGET_DEFINITION}</p>
      {targets.isPending && (
        <Skeleton
          className={tokens.skeleton}
          width="100%"
          height={120}
          role="status"
          aria-label="Loading targets"
        />
      )}
      {targets.isError && !data && (
        <ErrorPanel
          what="The targets"
          error={targets.error}
          onRetry={() => targets.refetch()}
        />
      )}
      {data?.rows.length === 0 && (
        <EmptyPanel title="No model yet">
          A model is listed once events name it.
        </EmptyPanel>
      )}
      {data && data.rows.length > 0 && <TargetTable rows={data.rows} />}
    </>
  );
}

function TargetTable({ rows }: { rows: readonly ModelTargets[] }) {
  return (
    <Scroller className={styles.scroller} label="Targets by model">
      <table className={styles.table} aria-label="Targets by model">
        <thead>
          <tr>
            <th scope="col">Model</th>
            {OWN.map(({ id, name }) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.model}>
              <th scope="row" title={row.model}>
                {cutMiddle(row.model, 40)}
              </th>
              {OWN.map(definition => {
                const target = kpiTarget(definition, row);
                return (
                  <td key={definition.id}>
                    {target ? (
                      <>
                        {targetValueText(definition, row).replace(
                          /^target /,
                          '',
                        )}
                        <div className={styles.secondary}>
                          {targetSource(target)}
                        </div>
                      </>
                    ) : (
                      <span title="Neither a row in the table nor 30 values in seven days">
                        {NOTHING}
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function exportTargets(rows: readonly ModelTargets[]): ExportTable {
  return {
    name: 'targets',
    rows: rows.map(row => ({
      model: row.model,
      ...Object.fromEntries(
        (['fps', 'ptff_ms', 'startup_ms'] as const).flatMap(name => [
          [name, row[name]?.value ?? null],
          [`${name}_source`, row[name]?.source ?? null],
        ]),
      ),
    })),
  };
}
