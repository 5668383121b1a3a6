import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import { CardHead } from '../components/Card';
import { CopyButton } from '../components/CopyButton';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import tokens from '../components/tokens.module.css';
import { useLineageNode } from '../lineage/queries';
import { lineageRouteRef } from '../routes';
import styles from './DefinitionsPage.module.css';

/** The models of gold that the KPIs are read from, and the facts of each request that those add up. */
export const GOLD_MODELS = [
  'kpi_5min',
  'kpi_latency_5min',
  'kpi_hourly',
  'kpi_latency_hourly',
  'fct_requests',
] as const;

/** Its id in the lineage. */
export const goldNode = (model: string) => `model.naap.${model}`;

/** Its anchor on the page. */
export const sqlAnchor = (model: string) => `sql-${model}`;

/** The source of a model, as it is installed. */
export function SqlSection({ model }: { model: string }) {
  const detail = useLineageNode(goldNode(model));
  const lineage = useRouteRef(lineageRouteRef)?.();
  const sql = detail.data?.sql ?? null;
  return (
    <>
      <CardHead title={`SQL: ${model}`} subtitle={detail.data?.path}>
        {lineage && (
          <Link
            standalone
            href={`${lineage}?${new URLSearchParams({
              node: goldNode(model),
            })}`}
          >
            In the lineage
          </Link>
        )}
        {sql !== null && <CopyButton text={sql} what={`SQL of ${model}`} />}
      </CardHead>
      {detail.isPending && (
        <Skeleton
          className={tokens.skeleton}
          width="100%"
          height={160}
          role="status"
          aria-label={`Loading the SQL of ${model}`}
        />
      )}
      {detail.isError && !detail.data && (
        <ErrorPanel
          what="The SQL"
          error={detail.error}
          onRetry={() => detail.refetch()}
        />
      )}
      {detail.data && sql === null && (
        <EmptyPanel title="No SQL">
          The dbt project does not tell the source of {model}.
        </EmptyPanel>
      )}
      {sql !== null && (
        <Scroller as="pre" className={styles.sql} label={`SQL of ${model}`}>
          {sql}
        </Scroller>
      )}
    </>
  );
}
