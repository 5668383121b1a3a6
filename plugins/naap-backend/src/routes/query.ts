import { InputError } from '@backstage/errors';
import {
  AvailabilityDimension,
  KPI_FILTERS,
  KpiDimension,
  KpiFilter,
  KpiFilters,
  KpiId,
  Outcome,
  QuarantineClass,
  RequestQuery,
  ScoreKey,
  SupplyDimension,
  Window,
} from '@naap/plugin-naap-common';

/** In a query this value means "no value": `orchestrator=~`. */
const NULL_LITERAL = '~';

/** Query parameters after the validation against openapi.yaml, which also fills in its defaults. */
export interface WindowParams {
  from?: string;
  to?: string;
}
export interface PageParams {
  limit?: number;
  cursor?: string;
}
export type FilterParams = Partial<
  Record<(typeof KPI_FILTERS)[number], string[]>
>;
export interface KpiParams extends WindowParams, PageParams, FilterParams {
  by?: KpiDimension[];
}
export interface DimensionParams extends WindowParams, PageParams {
  dimension?: KpiFilter;
  search?: string;
}
export interface ScoreParams extends WindowParams, PageParams, FilterParams {
  by: ScoreKey;
}
export interface SupplyParams extends WindowParams, PageParams, FilterParams {
  by?: SupplyDimension[];
}
export interface AvailabilityParams
  extends WindowParams,
    PageParams,
    Pick<FilterParams, 'orchestrator'> {
  by?: AvailabilityDimension[];
}
export interface GpuParams extends WindowParams, PageParams, FilterParams {
  gpu_id?: string[];
}
export interface RequestParams extends WindowParams, PageParams, FilterParams {
  outcome?: Outcome[];
  kpi?: KpiId;
  request_id?: string;
  stream_id?: string;
  order: 'newest' | 'oldest';
  offset: number;
}
export interface QuarantineParams extends PageParams {
  class?: QuarantineClass;
  reason?: string;
  offset: number;
}

/** A number of a path. Throws an InputError for what is no whole one that JavaScript can tell from its neighbours. */
export function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new InputError(`'${name}' must be a whole number under 2^53`);
}

/**
 * The window asked for. Throws an InputError when it ends before it starts, and for a bound that is no time to us: RFC
 * 3339 knows leap seconds.
 */
export function windowOf({ from, to }: WindowParams): Window {
  for (const [name, bound] of Object.entries({ from, to })) {
    if (bound && Number.isNaN(Date.parse(bound))) {
      throw new InputError(`'${name}' (${bound}) is no time`);
    }
  }
  if (from && to && Date.parse(from) >= Date.parse(to)) {
    throw new InputError(`'from' (${from}) must be before 'to' (${to})`);
  }
  return { from, to };
}

/** Addresses are kept in lower case; only of ASCII letters are all engines of one mind. */
const lowerCase = (address: string) =>
  address.replace(/[A-Z]/g, letter => letter.toLowerCase());

/** The filters asked for: `~` as null, addresses in any case. */
export function filtersOf(params: FilterParams): KpiFilters {
  const filters: KpiFilters = {};
  for (const dimension of KPI_FILTERS) {
    const values = params[dimension];
    if (values) {
      filters[dimension] = values.map(value => {
        if (value === NULL_LITERAL) return null;
        return dimension === 'orchestrator' ? lowerCase(value) : value;
      });
    }
  }
  return filters;
}

/** The window, the filters and the page asked for. */
export function cutOf(params: WindowParams & FilterParams & PageParams) {
  const { limit, cursor } = params;
  return { ...windowOf(params), filters: filtersOf(params), limit, cursor };
}

/** The request query asked for. */
export function requestQueryOf(params: RequestParams): RequestQuery {
  return {
    ...cutOf(params),
    outcome: params.outcome,
    kpi: params.kpi,
    requestId: params.request_id,
    streamId: params.stream_id,
    order: params.order,
    offset: params.offset,
  };
}
