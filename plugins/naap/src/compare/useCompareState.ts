import { useCallback, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  CompareState,
  formatCompareState,
  parseCompareState,
} from './compareState';

export type ChangeCompare = (change: Partial<CompareState>) => void;

/** The state of a comparison, in the URL alone; each change is a step of the browser's history. */
export function useCompareState(): [CompareState, ChangeCompare] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => parseCompareState(params), [params]);
  // The setter of the router is another one after each navigation.
  const set = useRef(setParams);
  set.current = setParams;
  const change = useCallback<ChangeCompare>(next => {
    set.current(
      current => formatCompareState({ ...parseCompareState(current), ...next }),
      { preventScrollReset: true },
    );
  }, []);
  return [state, change];
}
