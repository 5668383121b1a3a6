import {
  RUN_STATES,
  RUN_TRIGGERS,
  RunListQuery,
  RunState,
  RunTrigger,
  STEP_IDS,
  StepId,
} from '@naap/plugin-naap-common';
import { USUAL_TRIGGERS } from './runs';

/** Runs on one page of the history. */
export const PAGE_SIZE = 25;

/** What of the history is shown; kept in the URL alone. */
export interface RunHistoryState {
  step: StepId | null;
  state: RunState[];
  /** Empty: all but the loop. */
  trigger: RunTrigger[];
  /** From 0. */
  page: number;
}

/** Reads the state out of a query string. What makes no sense there falls back to the default. */
export function parseRunHistoryState(params: URLSearchParams): RunHistoryState {
  const page = Number(params.get('page') ?? 0);
  return {
    step: STEP_IDS.find(id => id === params.get('step')) ?? null,
    state: RUN_STATES.filter(name => params.getAll('state').includes(name)),
    trigger: RUN_TRIGGERS.filter(name =>
      params.getAll('trigger').includes(name),
    ),
    page: Number.isSafeInteger(page) && page > 0 ? page : 0,
  };
}

/** The shortest query string that gives the state back. */
export function formatRunHistoryState(state: RunHistoryState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.step) {
    params.set('step', state.step);
  }
  state.state.forEach(name => params.append('state', name));
  state.trigger.forEach(name => params.append('trigger', name));
  if (state.page > 0) {
    params.set('page', String(state.page));
  }
  return params;
}

/** The question for the runs that are shown. */
export function shownRuns(state: RunHistoryState): RunListQuery {
  return {
    ...(state.step && { step: state.step }),
    state: state.state,
    trigger: state.trigger.length ? state.trigger : USUAL_TRIGGERS,
    limit: PAGE_SIZE,
    offset: state.page * PAGE_SIZE,
  };
}

/** The question whose total says how many runs of the loop the same filters hide. */
export function hiddenRuns(state: RunHistoryState): RunListQuery {
  return {
    ...(state.step && { step: state.step }),
    state: state.state,
    trigger: ['loop'],
    limit: 1,
  };
}
