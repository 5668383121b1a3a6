import { useCallback, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  formatQualityState,
  parseQualityState,
  QualityState,
} from './qualityState';

export type ChangeQuality = (change: Partial<QualityState>) => void;

/**
 * The state of the page, kept in the URL alone. Each change is a step of the browser's history; another filter starts
 * again on the first page. `change` keeps its identity.
 */
export function useQualityState(): [QualityState, ChangeQuality] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => parseQualityState(params), [params]);
  // The setter of the router is another one after each navigation.
  const set = useRef(setParams);
  set.current = setParams;
  const change = useCallback<ChangeQuality>(next => {
    set.current(
      current =>
        formatQualityState({ ...parseQualityState(current), page: 0, ...next }),
      { preventScrollReset: true },
    );
  }, []);
  return [state, change];
}
