import {
  KpiFilters,
  NULL_LITERAL,
  Outcome,
  Window,
} from '@naap/plugin-naap-common';
import {
  firstDirection,
  RowSort,
  SORT_COLUMNS,
  SortColumn,
} from '../lib/sortRows';
import { floorHour } from '../lib/time';

const HOUR_MS = 3_600_000;

/** The windows that end now, by their length in hours. */
export const PRESET_HOURS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 };
export type WindowPreset = keyof typeof PRESET_HOURS;

export type WindowChoice =
  | { preset: WindowPreset }
  | { preset: 'custom'; from: string; to: string };

/** The dimensions of the filter bar, in its order. */
export const FILTER_DIMENSIONS = [
  'region',
  'gateway',
  'model',
  'orchestrator',
] as const;
export type FilterDimension = (typeof FILTER_DIMENSIONS)[number];

export const OUTCOMES: readonly Outcome[] = [
  'failed',
  'unserved',
  'abandoned',
  'unknown',
  'running',
  'ok',
];

/** Everything that the Explorer shows follows from this, and all of it is in the URL. */
export interface ExplorerState {
  window: WindowChoice;
  filters: Partial<Record<FilterDimension, Array<string | null>>>;
  sort: RowSort;
  outcome: Outcome[];
  /** Page of the requests table, from 0. */
  page: number;
}

export const DEFAULT_STATE: ExplorerState = {
  window: { preset: '24h' },
  filters: {},
  sort: { column: 'requests', direction: 'desc' },
  outcome: [],
  page: 0,
};

/** Reads the state out of a query string. What makes no sense there falls back to the default. */
export function parseExplorerState(params: URLSearchParams): ExplorerState {
  const filters: ExplorerState['filters'] = {};
  for (const dimension of FILTER_DIMENSIONS) {
    const values = [...new Set(params.getAll(dimension))];
    if (values.length) {
      filters[dimension] = values.map(value =>
        value === NULL_LITERAL ? null : value,
      );
    }
  }
  const page = Number(params.get('page') ?? 0);
  return {
    window: parseWindow(params),
    filters,
    sort: parseSort(params.get('sort')),
    outcome: OUTCOMES.filter(outcome =>
      params.getAll('outcome').includes(outcome),
    ),
    page: Number.isSafeInteger(page) && page > 0 ? page : 0,
  };
}

/** The shortest query string that gives the state back. */
export function formatExplorerState(state: ExplorerState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.window.preset === 'custom') {
    params.set('window', 'custom');
    params.set('from', state.window.from);
    params.set('to', state.window.to);
  } else if (state.window.preset !== '24h') {
    params.set('window', state.window.preset);
  }
  for (const dimension of FILTER_DIMENSIONS) {
    state.filters[dimension]?.forEach(value =>
      params.append(dimension, value ?? NULL_LITERAL),
    );
  }
  const { column, direction } = state.sort;
  if (
    column !== DEFAULT_STATE.sort.column ||
    direction !== DEFAULT_STATE.sort.direction
  ) {
    params.set('sort', `${column}:${direction}`);
  }
  state.outcome.forEach(outcome => params.append('outcome', outcome));
  if (state.page > 0) {
    params.set('page', String(state.page));
  }
  return params;
}

/**
 * The window of an answer, in whole UTC hours. A preset covers at least its length: it begins at the hour that was
 * running when the window opens, so that it never shrinks to nothing at the start of an hour.
 */
export function resolveWindow(
  choice: WindowChoice,
  nowMs: number,
): Required<Window> {
  if (choice.preset === 'custom') {
    return { from: choice.from, to: choice.to };
  }
  const from = floorHour(nowMs - PRESET_HOURS[choice.preset] * HOUR_MS);
  const to = floorHour(nowMs) + HOUR_MS;
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  };
}

/** Whether anything but the window narrows what is shown. */
export function isFiltered(filters: KpiFilters): boolean {
  return Object.values(filters).some(values => values && values.length > 0);
}

/** The sort after a click on a column: its first direction, then the other one. */
export function toggleSort(sort: RowSort, column: SortColumn): RowSort {
  if (sort.column !== column) {
    return { column, direction: firstDirection(column) };
  }
  return { column, direction: sort.direction === 'asc' ? 'desc' : 'asc' };
}

function parseWindow(params: URLSearchParams): WindowChoice {
  const preset = params.get('window');
  if (preset === 'custom') {
    const from = parseHour(params.get('from'));
    const to = parseHour(params.get('to'));
    if (from && to && from < to) {
      return { preset: 'custom', from, to };
    }
  }
  return preset && Object.hasOwn(PRESET_HOURS, preset)
    ? { preset: preset as WindowPreset }
    : DEFAULT_STATE.window;
}

function parseHour(text: string | null): string | null {
  const time = text === null ? NaN : Date.parse(text);
  return Number.isNaN(time) ? null : new Date(floorHour(time)).toISOString();
}

function parseSort(text: string | null): RowSort {
  const [name, direction] = (text ?? '').split(':');
  const column = SORT_COLUMNS.find(candidate => candidate === name);
  return column && (direction === 'asc' || direction === 'desc')
    ? { column, direction }
    : DEFAULT_STATE.sort;
}
