import {
  KPI_CATALOGUE,
  KpiFilters,
  KpiId,
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
import { Grain, GRAINS, STEP_MS } from '../lib/series';

const HOUR_MS = 3_600_000;
const KPI_IDS = KPI_CATALOGUE.map(kpi => kpi.id);

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

/** What the demand chart draws. */
export const DEMAND_MEASURES = ['requests', 'minutes', 'fees'] as const;
export type DemandMeasure = (typeof DEMAND_MEASURES)[number];

/** Everything that the Explorer shows follows from this, and all of it is in the URL. */
export interface ExplorerState {
  window: WindowChoice;
  filters: Partial<Record<FilterDimension, Array<string | null>>>;
  sort: RowSort;
  outcome: Outcome[];
  /** Page of the requests table, from 0. */
  page: number;
  /** KPI of the heat map. */
  heat: KpiId;
  /** Whether the heat map shows every pair and not only the busiest. */
  allPairs: boolean;
  /** KPI of the trend. */
  trend: KpiId;
  /** Steps of trend and demand; null: what suits the window. */
  grain: Grain | null;
  demand: DemandMeasure;
}

export const DEFAULT_STATE: ExplorerState = {
  window: { preset: '24h' },
  filters: {},
  sort: { column: 'score', direction: 'desc' },
  outcome: [],
  page: 0,
  heat: 'failure_rate',
  allPairs: false,
  trend: 'failure_rate',
  grain: null,
  demand: 'requests',
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
    heat: oneOf(KPI_IDS, params.get('heat')) ?? DEFAULT_STATE.heat,
    allPairs: params.get('pairs') === 'all',
    trend: oneOf(KPI_IDS, params.get('trend')) ?? DEFAULT_STATE.trend,
    grain: oneOf(GRAINS, params.get('grain')) ?? null,
    demand:
      oneOf(DEMAND_MEASURES, params.get('demand')) ?? DEFAULT_STATE.demand,
  };
}

/** The shortest query string that gives the state back. */
export function formatExplorerState(state: ExplorerState): URLSearchParams {
  const params = formatWindow(state.window);
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
  if (state.allPairs) {
    params.set('pairs', 'all');
  }
  for (const name of ['heat', 'trend', 'grain', 'demand'] as const) {
    const value = state[name];
    if (value !== null && value !== DEFAULT_STATE[name]) {
      params.set(name, value);
    }
  }
  return params;
}

/** Windows that begin so lately are exact to five minutes (docs/kpis.md §5). */
const EXACT_MS = 48 * HOUR_MS;

/** Whether a window is rounded to UTC hours, or to five minutes. */
export function isInHours({ from }: Pick<Window, 'from'>, nowMs: number) {
  return from !== undefined && Date.parse(from) < nowMs - EXACT_MS;
}

/**
 * The window of an answer, as the API rounds it: to five minutes where it begins lately, else to UTC hours. It covers at least
 * what is asked for: it begins with the step that was running when it opens, and holds the one that runs when it ends.
 */
export function resolveWindow(
  choice: WindowChoice,
  nowMs: number,
): Required<Window> {
  const [from, to] =
    choice.preset === 'custom'
      ? [Date.parse(choice.from), Date.parse(choice.to)]
      : [nowMs - PRESET_HOURS[choice.preset] * HOUR_MS, nowMs];
  const iso = (ms: number) => new Date(ms).toISOString();
  const step = isInHours({ from: iso(from) }, nowMs)
    ? STEP_MS.hour
    : STEP_MS.slot;
  return {
    from: iso(Math.floor(from / step) * step),
    to: iso(Math.ceil(to / step) * step),
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

/** The query string that `parseWindow` gives the choice back of. */
export function formatWindow(choice: WindowChoice): URLSearchParams {
  const params = new URLSearchParams();
  if (choice.preset === 'custom') {
    params.set('window', 'custom');
    params.set('from', choice.from);
    params.set('to', choice.to);
  } else if (choice.preset !== '24h') {
    params.set('window', choice.preset);
  }
  return params;
}

/** The window of a query string; the last 24 hours where it makes no sense. */
export function parseWindow(params: URLSearchParams): WindowChoice {
  const preset = params.get('window');
  if (preset === 'custom') {
    const from = parseTime(params.get('from'), Math.floor);
    const to = parseTime(params.get('to'), Math.ceil);
    if (from && to && from < to) {
      return { preset: 'custom', from, to };
    }
  }
  return preset && Object.hasOwn(PRESET_HOURS, preset)
    ? { preset: preset as WindowPreset }
    : DEFAULT_STATE.window;
}

function oneOf<T extends string>(
  values: readonly T[],
  text: string | null,
): T | undefined {
  return values.find(value => value === text);
}

/** In whole five minutes: a window covers at least what is asked for. */
function parseTime(
  text: string | null,
  round: (steps: number) => number,
): string | null {
  const time = text === null ? NaN : Date.parse(text);
  return Number.isNaN(time)
    ? null
    : new Date(round(time / STEP_MS.slot) * STEP_MS.slot).toISOString();
}

function parseSort(text: string | null): RowSort {
  const [name, direction] = (text ?? '').split(':');
  const column = oneOf(SORT_COLUMNS, name);
  return column && (direction === 'asc' || direction === 'desc')
    ? { column, direction }
    : DEFAULT_STATE.sort;
}
