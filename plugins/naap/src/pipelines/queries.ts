import { useApi } from '@backstage/frontend-plugin-api';
import {
  ConnectorAction,
  Run,
  RunListQuery,
  StepArguments,
  StepId,
} from '@naap/plugin-naap-common';
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { naapApiRef } from '../api/naapApi';
import { allPages, MOST_ROWS } from '../api/pages';
import { isOver } from './runs';

const REFRESH_MS = 3000;

const runKey = (id: string) => ['naap', 'run', id];

/** The steps and how each stands, asked every three seconds. */
export function useSteps() {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'steps'],
    queryFn: ({ signal }) => api.steps({ signal }),
    refetchInterval: REFRESH_MS,
    staleTime: 0,
  });
}

/** Runs, newest first; the page before stays until the next one is there. */
export function useRuns(query: RunListQuery) {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'runs', query],
    queryFn: ({ signal }) => api.runs(query, { signal }),
    refetchInterval: REFRESH_MS,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}

/** One run, asked until it is over. */
export function useRun(id: string) {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: runKey(id),
    queryFn: ({ signal }) => api.run(id, { signal }),
    refetchInterval: ({ state }) =>
      state.data && isOver(state.data) ? false : REFRESH_MS,
    staleTime: 0,
  });
}

/** What a run with these arguments would touch, asked anew for every choice. */
export function usePlan(step: StepId, args: StepArguments) {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'plan', step, args],
    queryFn: ({ signal }) => api.plan(step, args, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** The connectors that write the lake, asked every three seconds. */
export function useConnectors() {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'connectors'],
    queryFn: ({ signal }) => api.connectors({ signal }),
    refetchInterval: REFRESH_MS,
    staleTime: 0,
  });
}

/** What connectors could not read, asked while somebody looks at it. */
export function useDeadLetters(enabled: boolean) {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'dead-letters'],
    queryFn: ({ signal }) => api.deadLetters({}, { signal }),
    enabled,
    staleTime: 0,
  });
}

/** Tells a connector what to do. */
export function useConnectorChange() {
  const api = useApi(naapApiRef);
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { connector: string; action: ConnectorAction }) =>
      api.changeConnector(change),
    onSuccess: () =>
      client.invalidateQueries({ queryKey: ['naap', 'connectors'] }),
  });
}

/** Takes what somebody told of a run for what is known of it. */
export function useKnowRun(): (run: Run) => void {
  const client = useQueryClient();
  return run => client.setQueryData(runKey(run.id), run);
}

/** Sends one of the calls that answer with a run, and keeps the run. */
export function useRunCall<T>(
  call: (api: typeof naapApiRef.T, input: T) => Promise<Run>,
  onDone?: (run: Run) => void,
) {
  const api = useApi(naapApiRef);
  const client = useQueryClient();
  const know = useKnowRun();
  return useMutation({
    mutationFn: (input: T) => call(api, input),
    onSuccess: run => {
      know(run);
      client.invalidateQueries({ queryKey: ['naap', 'steps'] });
      client.invalidateQueries({ queryKey: ['naap', 'runs'] });
      onDone?.(run);
    },
  });
}

/** The dbt models that a build can be limited to, by name. */
export function useModels(enabled: boolean) {
  const api = useApi(naapApiRef);
  return useQuery({
    queryKey: ['naap', 'lineage'],
    queryFn: ({ signal }) =>
      allPages(cursor => api.lineage({ cursor }, { signal }), MOST_ROWS),
    enabled,
    select: ({ nodes }) =>
      nodes
        .filter(
          node =>
            node.type === 'dbt-model' &&
            (node.layer === 'silver' || node.layer === 'gold'),
        )
        .map(node => node.id.slice(node.id.lastIndexOf('.') + 1))
        .sort(),
  });
}
