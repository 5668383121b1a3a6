import { useApi } from '@backstage/frontend-plugin-api';
import {
  FreshnessAnswer,
  KpiFilter,
  KpiQuery,
  OrchestratorInfo,
  QuarantineQuery,
  RequestQuery,
  ScoreKey,
  SupplyQuery,
  Window,
} from '@naap/plugin-naap-common';
import { keepPreviousData, QueryClient, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { naapApiRef } from './naapApi';
import { allPages, MOST_ROWS } from './pages';

const REFRESH_MS = 10_000;

/** Client errors do not mend themselves; anything else gets a second try. */
function retry(failures: number, error: Error): boolean {
  const status = 'statusCode' in error ? Number(error.statusCode) : 0;
  return failures < 1 && !(status >= 400 && status < 500);
}

/** The cache of the pages: answers stay while they are shown, and half a minute for the way back. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry, retryDelay: 1000, gcTime: 30_000, staleTime: Infinity },
    },
  });
}

/** Where the served numbers stand, asked every ten seconds. */
export function useFreshness() {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'freshness'],
    queryFn: ({ signal }) => api.freshness({ signal }),
    refetchInterval: REFRESH_MS,
    staleTime: 0,
  });
}

/**
 * Names what is served now; undefined until it is known. It is part of the key of every other query, so numbers are
 * fetched again when there are new ones and not before. Without an answer the queries go on at the same pace.
 */
export function useServedKey(): string | undefined {
  const { data, errorUpdatedAt, isError } = useFreshness();
  if (isError) {
    return `unknown/${errorUpdatedAt}`;
  }
  return data && servedKey(data);
}

function servedKey(freshness: FreshnessAnswer): string {
  return `${freshness.build?.id}/${freshness.syncedAt}`;
}

/** The answer before, if it was to the same question: for what stands beside answers of another one. */
function ofSameQuestion(query: object) {
  return <Answer>(
    answer: Answer | undefined,
    before: { queryKey: readonly unknown[] } | undefined,
  ) =>
    JSON.stringify(before?.queryKey[2]) === JSON.stringify(query)
      ? answer
      : undefined;
}

interface QuestionOptions {
  enabled?: boolean;
  /** The answer to another question does not stay until the next one is there. */
  strict?: boolean;
}

/** KPIs; the answer before stays until the next one is there. */
export function useKpis(query: KpiQuery, options: QuestionOptions = {}) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'kpis', query, served],
    queryFn: ({ signal }) => api.kpis(query, { signal }),
    enabled: served !== undefined && (options.enabled ?? true),
    placeholderData: options.strict ? ofSameQuestion(query) : keepPreviousData,
  });
}

/** Requests, newest first. While `hold` is true nothing new comes in, so that rows stay where they are being read. */
export function useRequests(query: RequestQuery, hold: boolean) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'requests', query, served],
    queryFn: ({ signal }) => api.requests(query, { signal }),
    enabled: served !== undefined && !hold,
    placeholderData: keepPreviousData,
  });
}

/** Requests that somebody may be reading: nothing new comes in then, but a new question is answered at once. */
export function useSteadyRequests(query: RequestQuery, reading: boolean) {
  const asked = JSON.stringify(query);
  const [answered, setAnswered] = useState('');
  const requests = useRequests(query, reading && answered === asked);
  const { data, isPlaceholderData } = requests;
  useEffect(() => {
    if (data && !isPlaceholderData) {
      setAnswered(asked);
    }
  }, [data, isPlaceholderData, asked]);
  return requests;
}

/** More events of one request are read over the API: a day has some ten thousand. */
const MOST_EVENTS = 10_000;

/** One request with its events, on as many pages as they are. */
export function useRequest(id: { requestId: string; streamId?: string }) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'request', id, served],
    queryFn: ({ signal }) =>
      allPages(
        cursor => api.request({ ...id, cursor }, { signal }),
        MOST_EVENTS,
      ),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** SLA scores, one per orchestrator, model or GPU. */
export function useScores(
  query: Omit<KpiQuery, 'by'> & { by: ScoreKey },
  options: QuestionOptions = {},
) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'scores', query, served],
    queryFn: ({ signal }) => api.scores(query, { signal }),
    enabled: served !== undefined && (options.enabled ?? true),
    placeholderData: options.strict ? ofSameQuestion(query) : keepPreviousData,
  });
}

/** What the orchestrators offered. */
export function useSupply(query: SupplyQuery) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'supply', query, served],
    queryFn: ({ signal }) => api.supply(query, { signal }),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** Messages by class and hour, as of the numbers that are served. */
export function useIngestStats(window: Window) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'ingest-stats', window, served],
    queryFn: ({ signal }) => api.ingestStats(window, { signal }),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** Ignored and rejected messages, newest first. While `hold` is true nothing new comes in. */
export function useQuarantine(query: QuarantineQuery, hold: boolean) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'quarantine', query, served],
    queryFn: ({ signal }) => api.quarantine(query, { signal }),
    enabled: served !== undefined && !hold,
    placeholderData: keepPreviousData,
  });
}

/** URLs that capability reports give to several addresses, of all times. */
export function useContested() {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'contested', served],
    queryFn: ({ signal }) =>
      allPages(cursor => api.contested({ cursor }, { signal }), MOST_ROWS),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The values that the filters offer. */
export function useDimensions(window: Window) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'dimensions', window, served],
    queryFn: ({ signal }) => api.dimensions(window, { signal }),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The busiest values of one filter that have a text in them; nothing is asked for an empty one. */
export function useDimensionSearch(
  window: Window,
  dimension: KpiFilter,
  search: string,
) {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'dimension', window, dimension, search, served],
    queryFn: ({ signal }) =>
      api.dimensions({ ...window, dimension, search }, { signal }),
    enabled: served !== undefined && search !== '',
    placeholderData: keepPreviousData,
  });
}

/** Every orchestrator and model ever seen, and the deploys. */
export function useInventory() {
  const api = useApi(naapApiRef);
  const served = useServedKey();
  return useQuery({
    queryKey: ['naap', 'inventory', served],
    queryFn: ({ signal }) =>
      allPages(cursor => api.inventory({ cursor }, { signal }), MOST_ROWS),
    enabled: served !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** Who runs the orchestrators, by their addresses: those that people told of. */
export function useOperators(): ReadonlyMap<string, OrchestratorInfo> {
  const orchestrators = useInventory().data?.orchestrators;
  return useMemo(
    () =>
      new Map(
        orchestrators
          ?.filter(({ name, contact, stake_lpt: stake }) =>
            [name, contact, stake].some(told => told !== null),
          )
          .map(told => [told.orchestrator, told]),
      ),
    [orchestrators],
  );
}
