import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { KpiFilters } from '@naap/plugin-naap-common';
import { EmptyPanel } from '../components/Panel';
import { formatCountOf } from '../lib/format';
import { formatUtc } from '../lib/time';
import { useLineage } from '../lineage/queries';
import styles from './EmptyStates.module.css';
import { isFiltered } from './explorerState';
import { ChangeState } from './useExplorerState';

const DAY_MS = 24 * 3_600_000;
/** Where events lie before anything is served. */
const EVENTS = 'bronze.events';

/** Nothing was ever served: says how events get here, or that the first ones are on their way. */
export function NoEvents() {
  const baseUrl = useApi(configApiRef).getString('backend.baseUrl');
  const lineage = useLineage();
  const events =
    lineage.data?.nodes.find(({ id }) => id === EVENTS)?.state?.rows ?? 0;
  if (events > 0) {
    return (
      <div className={styles.card}>
        <EmptyPanel title="The first numbers are being built">
          {formatCountOf(events, 'events')} came in. This page shows them as
          soon as they are served.
        </EmptyPanel>
      </div>
    );
  }
  return (
    <div className={styles.card}>
      <EmptyPanel title="No events yet">
        Point a gateway at{' '}
        <code className={styles.code}>{baseUrl}/api/naap/v1/events</code>, or
        run <code className={styles.code}>./naap simulate</code>. The first
        numbers are here within a minute.
      </EmptyPanel>
    </div>
  );
}

/** Something is served, but not in this window with these filters: offers the way to it. */
export function EmptyWindow(props: {
  filters: KpiFilters;
  onChange: ChangeState;
  /** The latest hour served, ISO 8601. */
  lastHour: string | null;
}) {
  const { filters, onChange, lastHour } = props;
  const lastEnd = lastHour ? Date.parse(lastHour) + 3_600_000 : null;
  return (
    <div className={styles.card}>
      <EmptyPanel title="No request in this window">
        {lastEnd && (
          <>
            The newest served hour ends at{' '}
            {formatUtc(new Date(lastEnd), new Date())} UTC.
          </>
        )}
        <div className={styles.actions}>
          {lastEnd && (
            <Button
              size="small"
              variant="primary"
              onPress={() =>
                onChange({
                  window: {
                    preset: 'custom',
                    from: new Date(lastEnd - DAY_MS).toISOString(),
                    to: new Date(lastEnd).toISOString(),
                  },
                })
              }
            >
              Show the last day of data
            </Button>
          )}
          {isFiltered(filters) && (
            <Button
              size="small"
              variant="secondary"
              onPress={() => onChange({ filters: {} })}
            >
              Clear filters
            </Button>
          )}
        </div>
      </EmptyPanel>
    </div>
  );
}
