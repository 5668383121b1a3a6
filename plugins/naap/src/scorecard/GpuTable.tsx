import {
  GpuRow,
  isIdle,
  kpiDefinition,
  Window,
} from '@naap/plugin-naap-common';
import { useState } from 'react';
import { CardHead } from '../components/Card';
import { CopyButton } from '../components/CopyButton';
import { KpiValue } from '../components/KpiValue';
import { Pager, pageOf } from '../components/Pager';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { UtcTime } from '../components/UtcTime';
import { ExportMenu } from '../export/ExportMenu';
import { flattenKpis } from '../export/flatten';
import { exportMeta } from '../export/table';
import { cutMiddle, formatCount, formatCountOf, NOTHING } from '../lib/format';
import { EntityText, TableSkeleton } from './OthersTable';
import { useGpus } from './queries';
import { Subject } from './subject';
import type { TargetsOfModel } from './useScorecard';
import styles from './Table.module.css';

const PAGE_SIZE = 10;
const KPIS = (['output_fps', 'failure_rate'] as const).map(kpiDefinition);

const STABILITY = new Map([
  [true, { text: 'stable', hint: 'Reported under one id all the time' }],
  [
    false,
    {
      text: 'unstable id',
      hint: 'The place of this GPU is reported under another id every hour or so: it cannot be followed over time',
    },
  ],
  [
    null,
    {
      text: 'too few hours to say',
      hint: 'Not reported in enough hours to tell whether its id stays',
    },
  ],
]);

/** The GPUs that served the subject. */
export function GpuCard(props: {
  subject: Subject;
  window: Required<Window>;
  targetsOf: TargetsOfModel;
  search: string;
}) {
  const { subject, window, search } = props;
  const answer = useGpus({ ...window, filters: subject.filters });
  const [page, setPage] = useState(0);
  const rows = answer.data && busiestFirst(answer.data.rows);
  return (
    <>
      <CardHead
        title="GPUs"
        subtitle={
          rows && formatCount(rows.filter(row => row.gpu_id !== null).length)
        }
      >
        {answer.data && rows && (
          <ExportMenu
            what="GPUs"
            load={() => ({
              table: { name: 'gpus', rows: rows.map(exportGpu) },
              meta: exportMeta(answer.data.meta),
            })}
          />
        )}
      </CardHead>
      {answer.isError && !rows && (
        <ErrorPanel
          what="The GPUs"
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {answer.isPending && <TableSkeleton what="GPUs" />}
      {rows?.length === 0 && (
        <EmptyPanel title="No GPU reported in this window">
          GPUs come from capability reports, whose hardware is often missing.
        </EmptyPanel>
      )}
      {rows && rows.length > 0 && (
        <div className={styles.scroller} tabIndex={-1}>
          <table className={styles.table} aria-label="GPUs">
            <thead>
              <tr>
                <th scope="col">GPU</th>
                {subject.kind === 'model' && <th scope="col">Orchestrator</th>}
                <th scope="col">Id</th>
                {KPIS.map(kpi => (
                  <th key={kpi.id} scope="col" className={styles.numeric}>
                    {kpi.shortName}
                  </th>
                ))}
                <th scope="col" className={styles.numeric}>
                  Last report (UTC)
                </th>
              </tr>
            </thead>
            <tbody>
              {pageOf(rows, page, PAGE_SIZE).map(row => (
                <tr key={`${row.orchestrator}/${row.gpu_id}/${row.gpu}`}>
                  <th scope="row">{nameOf(row)}</th>
                  {subject.kind === 'model' && (
                    <td>
                      {row.orchestrator === null ? (
                        NOTHING
                      ) : (
                        <EntityText
                          id={row.orchestrator}
                          kind="orchestrator"
                          search={search}
                        />
                      )}
                    </td>
                  )}
                  <td>
                    <GpuId row={row} />
                  </td>
                  {KPIS.map(kpi => (
                    <td key={kpi.id} className={styles.numeric}>
                      <KpiValue
                        definition={kpi}
                        row={row}
                        targets={
                          row.models.length === 1
                            ? props.targetsOf({ ...row, model: row.models[0] })
                            : undefined
                        }
                      />
                    </td>
                  ))}
                  <td className={styles.numeric}>
                    {row.last_seen_at ? (
                      <UtcTime iso={row.last_seen_at} />
                    ) : (
                      NOTHING
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows && rows.length > PAGE_SIZE && (
        <Pager
          what="GPUs"
          total={rows.length}
          page={page}
          pageSize={PAGE_SIZE}
          onPage={setPage}
          ranked
        />
      )}
    </>
  );
}

/** Lists are joined by "; ". */
function exportGpu({ models, regions, ...row }: GpuRow) {
  return {
    models: models.join('; ') || null,
    regions: regions.join('; ') || null,
    ...flattenKpis(row),
  };
}

function busiestFirst(rows: readonly GpuRow[]): GpuRow[] {
  return rows
    .filter(row => row.gpu_id !== null || !isIdle(row))
    .sort(
      (a, b) =>
        Number(a.gpu_id === null) - Number(b.gpu_id === null) ||
        b.requests - a.requests,
    );
}

function nameOf({ gpu, models }: GpuRow) {
  return (
    <span title={[gpu, ...models].filter(Boolean).join('\n')}>
      {gpu ? cutMiddle(gpu, 26) : 'GPU unknown'}{' '}
      <span className={styles.muted}>
        {models.length > 0 && formatCountOf(models.length, 'models')}
      </span>
    </span>
  );
}

function GpuId({ row }: { row: GpuRow }) {
  const { gpu_id: id, stable } = row;
  if (id === null) {
    return (
      <span
        className={styles.muted}
        title="The orchestrator reported several GPUs for this work, or none"
      >
        not tied to one GPU
      </span>
    );
  }
  const stability = STABILITY.get(stable);
  return (
    <span className={styles.entity}>
      <span className={styles.mono} title={id}>
        {cutMiddle(id, 14)}
      </span>
      <CopyButton text={id} what="GPU id" />
      <span className={styles.muted} title={stability?.hint}>
        {stability?.text}
      </span>
    </span>
  );
}
