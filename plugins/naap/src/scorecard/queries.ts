import { useApi } from '@backstage/frontend-plugin-api';
import {
  AvailabilityQuery,
  GpuQuery,
  KpiQuery,
  Window,
} from '@naap/plugin-naap-common';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { naapApiRef } from '../api/naapApi';
import { useServedKey } from '../api/queries';

/** Targets of every model for a window. */
export function useTargets(window: Window) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'targets', window, served],
    queryFn: ({ signal }) => api.targets(window, { signal }),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** Swaps between orchestrators. */
export function useSwaps(query: Omit<KpiQuery, 'by'>) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'swaps', query, served],
    queryFn: ({ signal }) => api.swaps(query, { signal }),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** What the scraper found. */
export function useAvailability(query: AvailabilityQuery) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'availability', query, served],
    queryFn: ({ signal }) => api.availability(query, { signal }),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** KPIs by GPU. */
export function useGpus(query: GpuQuery) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'gpus', query, served],
    queryFn: ({ signal }) => api.gpus(query, { signal }),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}
