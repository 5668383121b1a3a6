import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  ExplorerState,
  formatExplorerState,
  parseExplorerState,
} from './explorerState';

/**
 * The state of the Explorer, kept in the URL alone. Each change is a step of the browser's history, so that "back"
 * undoes it. A change of the window or of a filter starts again on the first page of requests.
 */
export function useExplorerState(): [
  ExplorerState,
  (change: Partial<ExplorerState>) => void,
] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => parseExplorerState(params), [params]);
  const change = useCallback(
    (next: Partial<ExplorerState>) =>
      setParams(
        current =>
          formatExplorerState({
            ...parseExplorerState(current),
            ...(next.sort ? {} : { page: 0 }),
            ...next,
          }),
        { preventScrollReset: true },
      ),
    [setParams],
  );
  return [state, change];
}
