import { Skeleton } from '@backstage/ui';
import { KpiFilters, Window } from '@naap/plugin-naap-common';
import { memo, ReactNode, useMemo } from 'react';
import { useFreshness, useInventory, useKpis } from '../api/queries';
import tokens from '../components/tokens.module.css';
import { useHeld } from '../components/useReading';
import { WindowChoice } from './explorerState';
import { headline } from './headline';
import styles from './Headline.module.css';
import { spanText } from './periodBefore';
import { useBefore } from './useBefore';

/** The first line of the page: what it is about and how that is. It says nothing before all of it is known. */
export const Headline = memo(
  (props: {
    preset: WindowChoice['preset'];
    window: Required<Window>;
    filters: KpiFilters;
  }) => {
    const { preset, window, filters } = props;
    const total = useKpis({ ...window, filters });
    const orchestrators = useKpis({
      ...window,
      filters,
      by: ['orchestrator'],
    });
    const models = useKpis({ ...window, filters, by: ['model'] });
    const inventory = useInventory();
    const freshness = useFreshness();
    const past = useBefore(window, filters);
    const answers = [total, orchestrators, models, inventory];
    const pending = past.pending || answers.some(({ isPending }) => isPending);
    // Figures of the question before are not given out as those of this one.
    const other = answers.some(({ isPlaceholderData }) => isPlaceholderData);

    const row = total.data?.rows[0];
    const meta = total.data?.meta;
    const orchestratorRows = orchestrators.data?.rows;
    const modelRows = models.data?.rows;
    const known = inventory.data?.orchestrators;
    const said = useHeld(
      useMemo(() => {
        if (pending || !row || !meta) {
          return null;
        }
        const now = new Date();
        const facts = {
          window,
          preset,
          filters,
          row,
          orchestrators: orchestratorRows ?? null,
          models: modelRows ?? null,
          inventory: known ?? null,
          before: past.before,
          served: meta,
        };
        return { ...headline(facts, now), span: spanText(window, now) };
      }, [
        pending,
        window,
        preset,
        filters,
        row,
        meta,
        orchestratorRows,
        modelRows,
        known,
        past.before,
      ]),
      !total.isError && (other || pending),
      '',
    );
    if (freshness.data?.watermark === null) {
      return <Line>Livepeer AI network: nothing is served yet</Line>;
    }
    if (total.isError && !total.data) {
      return (
        <Line>
          How it is can’t be said: the key figures could not be loaded
        </Line>
      );
    }
    if (!said) {
      return (
        <div role="status" aria-label="Loading the headline">
          <Skeleton
            className={`${tokens.skeleton} ${styles.line}`}
            width="100%"
            height="auto"
          />
        </div>
      );
    }
    return (
      <Line>
        <bdi title={said.whole}>{said.subject}</bdi>,{' '}
        <span title={said.span}>{said.when}</span>:{' '}
        <strong>{said.state}</strong>
        {said.change && (
          <>
            ; <span title={said.change.title}>{said.change.text}</span>
          </>
        )}
      </Line>
    );
  },
);

function Line({ children }: { children: ReactNode }) {
  return <h2 className={styles.line}>{children}</h2>;
}
