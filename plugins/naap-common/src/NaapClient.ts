import { ResponseError } from '@backstage/errors';
import {
  DimensionAnswer,
  KpiAnswer,
  KpiFilters,
  KpiQuery,
  RequestAnswer,
  RequestQuery,
  Window,
} from '@naap/serving/contract';
import {
  FreshnessAnswer,
  IngestStatsAnswer,
  QuarantineAnswer,
  QuarantineClass,
  RequestDetailAnswer,
} from './api';

/** Query of `GET /quarantine`. */
export interface QuarantineQuery {
  class?: QuarantineClass;
  reason?: string;
  limit?: number;
  offset?: number;
}

/** Stands for "no value" in query strings, where `null` cannot be written. */
export const NULL_LITERAL = '~';

/** The part of `fetch` that the client needs, so that the portal's, the CLI's and a test's fit. */
export type NaapFetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface NaapClientOptions {
  /** Where the API lives, up to and with its version: `…/api/naap/v1`, or `plugin://naap/v1` in the portal. */
  baseUrl: string;
  fetch: NaapFetch;
}

export interface NaapCallOptions {
  signal?: AbortSignal;
}

/**
 * Typed client of the read API. Every method rejects with a `ResponseError` when the API answers with another status
 * than 2xx (its `cause.message` says what was wrong), and with what `fetch` throws when there is no answer.
 */
export class NaapClient {
  readonly #baseUrl: string;
  readonly #fetch: NaapFetch;

  constructor(options: NaapClientOptions) {
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#fetch = options.fetch;
  }

  /** KPIs of a window, one row per combination of the asked dimensions (one row in all without `by`). */
  kpis(query: KpiQuery, options?: NaapCallOptions): Promise<KpiAnswer> {
    const params = windowParams(query);
    if (query.by?.length) {
      params.set('by', query.by.join(','));
    }
    appendFilters(params, query.filters);
    return this.#get('/kpis', params, options);
  }

  /** Requests of a window, newest first unless asked otherwise; `limit` and `offset` page through the answer. */
  requests(
    query: RequestQuery,
    options?: NaapCallOptions,
  ): Promise<RequestAnswer> {
    const params = windowParams(query);
    appendFilters(params, query.filters);
    query.outcome?.forEach(outcome => params.append('outcome', outcome));
    if (query.requestId !== undefined) {
      params.set('request_id', query.requestId);
    }
    if (query.streamId !== undefined) {
      params.set('stream_id', query.streamId);
    }
    if (query.order) {
      params.set('order', query.order);
    }
    appendPage(params, query);
    return this.#get('/requests', params, options);
  }

  /**
   * The facts and raw events of one request. `request_id` is 8 hex digits and collides, so give the `stream_id` when
   * it is known.
   */
  request(
    id: { requestId: string; streamId?: string },
    options?: NaapCallOptions,
  ): Promise<RequestDetailAnswer> {
    const params = new URLSearchParams();
    if (id.streamId !== undefined) {
      params.set('stream_id', id.streamId);
    }
    return this.#get(
      `/requests/${encodeURIComponent(id.requestId)}`,
      params,
      options,
    );
  }

  /** Distinct values of the filter dimensions within a window. */
  dimensions(
    window: Window,
    options?: NaapCallOptions,
  ): Promise<DimensionAnswer> {
    return this.#get('/dimensions', windowParams(window), options);
  }

  /** Where the served numbers stand, and how the loop that makes them fares. */
  freshness(options?: NaapCallOptions): Promise<FreshnessAnswer> {
    return this.#get('/freshness', new URLSearchParams(), options);
  }

  /** Ignored and rejected messages, whole. */
  quarantine(
    query: QuarantineQuery,
    options?: NaapCallOptions,
  ): Promise<QuarantineAnswer> {
    const params = new URLSearchParams();
    if (query.class) {
      params.set('class', query.class);
    }
    if (query.reason) {
      params.set('reason', query.reason);
    }
    appendPage(params, query);
    return this.#get('/quarantine', params, options);
  }

  /** Messages by class and hour. */
  ingestStats(
    window: Window,
    options?: NaapCallOptions,
  ): Promise<IngestStatsAnswer> {
    return this.#get('/ingest-stats', windowParams(window), options);
  }

  async #get<T>(
    path: string,
    params: URLSearchParams,
    options?: NaapCallOptions,
  ): Promise<T> {
    const search = params.toString();
    const response = await this.#fetch(
      `${this.#baseUrl}${path}${search ? `?${search}` : ''}`,
      { signal: options?.signal },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return (await response.json()) as T;
  }
}

function windowParams(window: Window): URLSearchParams {
  const params = new URLSearchParams();
  if (window.from) {
    params.set('from', window.from);
  }
  if (window.to) {
    params.set('to', window.to);
  }
  return params;
}

function appendFilters(params: URLSearchParams, filters: KpiFilters = {}) {
  for (const [dimension, values] of Object.entries(filters)) {
    values?.forEach(value => params.append(dimension, value ?? NULL_LITERAL));
  }
}

function appendPage(
  params: URLSearchParams,
  page: { limit?: number; offset?: number },
) {
  if (page.limit !== undefined) {
    params.set('limit', String(page.limit));
  }
  if (page.offset !== undefined) {
    params.set('offset', String(page.offset));
  }
}
