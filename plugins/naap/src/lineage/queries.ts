import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { naapApiRef } from '../api/naapApi';
import { allPages, MOST_ROWS } from '../api/pages';

const REFRESH_MS = 10_000;

/** The way of the data and where each node stands, asked every ten seconds. */
export function useLineage() {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'lineage'],
    queryFn: ({ signal }) =>
      allPages(cursor => api.lineage({ cursor }, { signal }), MOST_ROWS),
    refetchInterval: REFRESH_MS,
    staleTime: 0,
  });
}

/** Columns, SQL and tests of a node; nothing is asked for null. */
export function useLineageNode(id: string | null) {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'lineage-node', id],
    queryFn: ({ signal }) => api.lineageNode(id ?? '', { signal }),
    enabled: id !== null,
    refetchInterval: REFRESH_MS,
    staleTime: 0,
  });
}
