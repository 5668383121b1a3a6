import { KPI_CATALOGUE, KpiId } from '@naap/plugin-naap-common';
import { useCallback, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  formatWindow,
  parseWindow,
  WindowChoice,
} from '../explorer/explorerState';

const WINDOW_PARAMS = ['window', 'from', 'to'];
const DEFAULT_KPI: KpiId = 'failure_rate';

export interface ScorecardState {
  window: WindowChoice;
  /** Whose trend is drawn, and whose requests are listed. */
  kpi: KpiId;
  /** Page of the requests, from 0. */
  page: number;
}

export type ChangeScorecard = (change: Partial<ScorecardState>) => void;

export function parseScorecardState(params: URLSearchParams): ScorecardState {
  const page = Number(params.get('page') ?? 0);
  return {
    window: parseWindow(params),
    kpi:
      KPI_CATALOGUE.find(({ id }) => id === params.get('kpi'))?.id ??
      DEFAULT_KPI,
    page: Number.isSafeInteger(page) && page > 0 ? page : 0,
  };
}

/** The query string with the state in it; parameters of others stay. */
export function withScorecardState(
  params: URLSearchParams,
  state: ScorecardState,
): URLSearchParams {
  const next = new URLSearchParams(params);
  [...WINDOW_PARAMS, 'kpi', 'page'].forEach(name => next.delete(name));
  formatWindow(state.window).forEach((value, name) => next.set(name, value));
  if (state.kpi !== DEFAULT_KPI) {
    next.set('kpi', state.kpi);
  }
  if (state.page > 0) {
    next.set('page', String(state.page));
  }
  return next;
}

/** The state of a scorecard, in the URL alone. Another window or KPI starts again on the first page. */
export function useScorecardState(): [ScorecardState, ChangeScorecard] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => parseScorecardState(params), [params]);
  // The setter of the router is another one after each navigation.
  const set = useRef(setParams);
  set.current = setParams;
  const change = useCallback<ChangeScorecard>(next => {
    set.current(
      current =>
        withScorecardState(current, {
          ...parseScorecardState(current),
          page: 0,
          ...next,
        }),
      { preventScrollReset: true },
    );
  }, []);
  return [state, change];
}
