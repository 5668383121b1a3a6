import { isIdle, KpiFilters, Window } from '@naap/plugin-naap-common';
import { useMemo } from 'react';
import { useFreshness, useKpis } from '../api/queries';
import type { KpiBefore } from '../components/KpiValue';
import { dataText, isServed, periodBefore, spanText } from './periodBefore';
import { useSame } from './useExplorerState';

/** The period before a window, if any of it is served. */
export function usePeriodBefore(window: Required<Window>) {
  const period = useSame(periodBefore(window, Date.now()));
  const { data, isPending } = useFreshness();
  const served = data !== undefined && isServed(period, data.firstHour);
  return { period, served, pending: isPending };
}

/** What the KPIs of the period before a window were: null where it has none, or they could not be loaded. */
export function useBefore(
  window: Required<Window>,
  filters: KpiFilters,
): { before: KpiBefore | null; pending: boolean; failed: boolean } {
  const { period, served, pending } = usePeriodBefore(window);
  const { data, isPending, isError } = useKpis(
    { ...period, filters },
    { enabled: served, strict: true },
  );
  const before = useMemo(() => {
    const row = data?.rows[0];
    if (!row || isIdle(row)) {
      return null;
    }
    const { meta } = data;
    // Its ends are those that were answered.
    const answered = {
      from: meta.window.from ?? period.from,
      to: meta.window.to ?? period.to,
    };
    const now = new Date();
    return {
      row,
      period: [spanText(answered, now), dataText(answered, meta, now)]
        .filter(Boolean)
        .join(', '),
    };
  }, [data, period]);
  return {
    before,
    pending: pending || (served && isPending),
    failed: served && isError,
  };
}
