import { InputError } from '@backstage/errors';
import {
  AvailabilityDimension,
  KPI_FILTERS,
  KpiDimension,
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
export type FilterParams = Partial<
  Record<(typeof KPI_FILTERS)[number], string[]>
>;
export interface KpiParams extends WindowParams, FilterParams {
  by?: KpiDimension[];
}
export interface ScoreParams extends WindowParams, FilterParams {
  by: ScoreKey;
}
export interface SupplyParams extends WindowParams, FilterParams {
  by?: SupplyDimension[];
}
export interface AvailabilityParams
  extends WindowParams,
    Pick<FilterParams, 'orchestrator'> {
  by?: AvailabilityDimension[];
}
export interface GpuParams extends WindowParams, FilterParams {
  gpu_id?: string[];
}
export interface RequestParams extends WindowParams, FilterParams {
  outcome?: Outcome[];
  kpi?: KpiId;
  request_id?: string;
  stream_id?: string;
  order: 'newest' | 'oldest';
  limit: number;
  offset: number;
}
export interface QuarantineParams {
  class?: QuarantineClass;
  reason?: string;
  limit: number;
  offset: number;
}

/** The window asked for. Throws an InputError when it ends before it starts. */
export function windowOf({ from, to }: WindowParams): Window {
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

/** The window and the filters asked for. */
export function cutOf(params: WindowParams & FilterParams) {
  return { ...windowOf(params), filters: filtersOf(params) };
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
    limit: params.limit,
    offset: params.offset,
  };
}
