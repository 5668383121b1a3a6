import { useCallback, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  ExplorerState,
  formatExplorerState,
  parseExplorerState,
} from './explorerState';

export type ChangeState = (change: Partial<ExplorerState>) => void;

/**
 * The state of the Explorer, kept in the URL alone. Each change is a step of the browser's history, so that "back"
 * undoes it. A change of what requests are shown starts again on the first page of them.
 *
 * Parts that did not change keep their identity, and `change` always does, so that what does not depend on a change
 * is not drawn again.
 */
export function useExplorerState(): [ExplorerState, ChangeState] {
  const [params, setParams] = useSearchParams();
  const parsed = useMemo(() => parseExplorerState(params), [params]);
  const state = {
    ...parsed,
    window: useSame(parsed.window),
    filters: useSame(parsed.filters),
    sort: useSame(parsed.sort),
    outcome: useSame(parsed.outcome),
  };

  // The setter of the router is another one after each navigation.
  const set = useRef(setParams);
  set.current = setParams;
  const change = useCallback<ChangeState>(next => {
    set.current(
      current =>
        formatExplorerState({
          ...parseExplorerState(current),
          ...(next.window || next.filters || next.outcome ? { page: 0 } : {}),
          ...next,
        }),
      { preventScrollReset: true },
    );
  }, []);
  return [state, change];
}

/** The value of before, as long as it says the same. For values that JSON can hold. */
export function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) {
    kept.current = value;
  }
  return kept.current;
}
