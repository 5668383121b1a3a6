import { useCallback, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  formatLineageState,
  LineageViewState,
  parseLineageState,
} from './lineageState';

export type ChangeLineage = (change: Partial<LineageViewState>) => void;

/**
 * What of the lineage is shown, kept in the URL alone. A change is a step of the browser's history, but for the letters
 * of a search. `change` keeps its identity.
 */
export function useLineageState(): [LineageViewState, ChangeLineage] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => parseLineageState(params), [params]);
  // The setter of the router is another one after each navigation.
  const set = useRef(setParams);
  set.current = setParams;
  const change = useCallback<ChangeLineage>(next => {
    set.current(
      current => formatLineageState({ ...parseLineageState(current), ...next }),
      { preventScrollReset: true, replace: next.search !== undefined },
    );
  }, []);
  return [state, change];
}
