import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { KpiFilters, Window } from '@naap/plugin-naap-common';
import { memo } from 'react';
import { useFreshness, useIngestStats, useKpis } from '../api/queries';
import { CardHead } from '../components/Card';
import { Figures } from '../components/Figures';
import { ErrorPanel } from '../components/Panel';
import { coverageFigures, messageFigures } from '../quality/qualityFigures';
import { qualityRouteRef } from '../routes';
import { formatWindow, WindowChoice } from './explorerState';

/** How good the data behind the numbers is; more of it on a page of its own. */
export const QualitySection = memo(
  (props: {
    choice: WindowChoice;
    window: Required<Window>;
    filters: KpiFilters;
  }) => {
    const { choice, window, filters } = props;
    const freshness = useFreshness();
    const total = useKpis({ ...window, filters });
    const stats = useIngestStats(window);
    const path = useRouteRef(qualityRouteRef)?.();
    return (
      <>
        <CardHead title="Data quality" subtitle="messages of the whole network">
          {path && (
            <Link href={`${path}?${formatWindow(choice)}`} standalone>
              Classes, reasons and quarantine
            </Link>
          )}
        </CardHead>
        {stats.isError && !stats.data && (
          <ErrorPanel
            what="The messages"
            error={stats.error}
            onRetry={() => stats.refetch()}
          />
        )}
        <Figures
          figures={[
            ...(stats.data ? messageFigures(stats.data.rows) : []),
            ...(total.data
              ? coverageFigures(
                  total.data.rows[0],
                  freshness.data?.build ?? null,
                )
              : []),
          ]}
        />
      </>
    );
  },
);
