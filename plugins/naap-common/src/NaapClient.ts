import { ResponseError } from '@backstage/errors';
import { withoutTrailingSlashes } from '@naap/events/names';
import { serverSentEvents } from './serverSentEvents';
import {
  AvailabilityAnswer,
  AvailabilityQuery,
  DimensionAnswer,
  GpuAnswer,
  GpuQuery,
  InventoryAnswer,
  KpiAnswer,
  KpiFilters,
  KpiQuery,
  RequestAnswer,
  RequestQuery,
  ScoreAnswer,
  ScoreKey,
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  TargetAnswer,
  Window,
} from '@naap/serving/contract';
import {
  FreshnessAnswer,
  IngestStatsAnswer,
  LineageAnswer,
  LineageNodeAnswer,
  QuarantineAnswer,
  QuarantineClass,
  RequestDetailAnswer,
  Run,
  RunListAnswer,
  RunListQuery,
  RunLogAnswer,
  RunLogLine,
  StepArguments,
  StepListAnswer,
  StepPlan,
} from './api';
import type { StepId } from './permissions';

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
 * Typed client of the API. Every method rejects with a `ResponseError` when the API answers with another status
 * than 2xx (its `cause.message` says what was wrong), and with what `fetch` throws when there is no answer.
 */
export class NaapClient {
  readonly #baseUrl: string;
  readonly #fetch: NaapFetch;

  constructor(options: NaapClientOptions) {
    this.#baseUrl = withoutTrailingSlashes(options.baseUrl);
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
    if (query.kpi) params.set('kpi', query.kpi);
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

  /** SLA scores of a window, one per orchestrator, model or GPU. */
  scores(
    query: Omit<KpiQuery, 'by'> & { by: ScoreKey },
    options?: NaapCallOptions,
  ): Promise<ScoreAnswer> {
    const params = windowParams(query);
    params.set('by', query.by);
    appendFilters(params, query.filters);
    return this.#get('/scores', params, options);
  }

  /** Targets of every model for a window. */
  targets(window: Window, options?: NaapCallOptions): Promise<TargetAnswer> {
    return this.#get('/targets', windowParams(window), options);
  }

  /** What the orchestrators offered. */
  supply(query: SupplyQuery, options?: NaapCallOptions): Promise<SupplyAnswer> {
    const params = windowParams(query);
    if (query.by?.length) {
      params.set('by', query.by.join(','));
    }
    appendFilters(params, query.filters);
    return this.#get('/supply', params, options);
  }

  /** What the scraper found at orchestrators. */
  availability(
    query: AvailabilityQuery,
    options?: NaapCallOptions,
  ): Promise<AvailabilityAnswer> {
    const params = windowParams(query);
    if (query.by?.length) {
      params.set('by', query.by.join(','));
    }
    appendFilters(params, query.filters);
    return this.#get('/availability', params, options);
  }

  /** KPIs by GPU. */
  gpus(query: GpuQuery, options?: NaapCallOptions): Promise<GpuAnswer> {
    const params = windowParams(query);
    appendFilters(params, query.filters);
    query.gpuId?.forEach(id => params.append('gpu_id', id));
    return this.#get('/gpus', params, options);
  }

  /** Swaps between orchestrators; a filter on `orchestrator` matches either end. */
  swaps(
    query: Omit<KpiQuery, 'by'>,
    options?: NaapCallOptions,
  ): Promise<SwapAnswer> {
    const params = windowParams(query);
    appendFilters(params, query.filters);
    return this.#get('/swaps', params, options);
  }

  /** Every orchestrator and model ever seen. */
  inventory(options?: NaapCallOptions): Promise<InventoryAnswer> {
    return this.#get('/inventory', new URLSearchParams(), options);
  }

  /** The steps of the pipeline, how each stands, and which the caller may run. */
  steps(options?: NaapCallOptions): Promise<StepListAnswer> {
    return this.#get('/steps', new URLSearchParams(), options);
  }

  /** What a run would touch; runs nothing. */
  plan(
    step: StepId,
    args: StepArguments,
    options?: NaapCallOptions,
  ): Promise<StepPlan> {
    return this.#send(`/steps/${step}/plan`, args, options);
  }

  /** Asks for a run; answers at once. An equal run that waits already is joined. */
  startRun(
    run: { step: StepId; arguments?: StepArguments },
    options?: NaapCallOptions,
  ): Promise<Run> {
    return this.#send('/runs', run, options);
  }

  runs(query: RunListQuery, options?: NaapCallOptions): Promise<RunListAnswer> {
    const params = new URLSearchParams();
    if (query.step) {
      params.set('step', query.step);
    }
    query.state?.forEach(state => params.append('state', state));
    query.trigger?.forEach(trigger => params.append('trigger', trigger));
    appendPage(params, query);
    return this.#get('/runs', params, options);
  }

  run(id: string, options?: NaapCallOptions): Promise<Run> {
    return this.#get(`/runs/${id}`, new URLSearchParams(), options);
  }

  /** Lines of a run's log after a line, at most `limit` (1,000 without). */
  runLog(
    id: string,
    query: { after?: number; limit?: number } = {},
    options?: NaapCallOptions,
  ): Promise<RunLogAnswer> {
    const params = new URLSearchParams();
    if (query.after !== undefined) {
      params.set('after', String(query.after));
    }
    appendPage(params, query);
    return this.#get(`/runs/${id}/log`, params, options);
  }

  /**
   * A run and its log as they come, until the run has ended. Rejects when the connection breaks: call it again with
   * the last `seq` seen.
   */
  async followRun(
    id: string,
    listener: {
      onLine: (line: RunLogLine) => void;
      onRun: (run: Run) => void;
    },
    options: NaapCallOptions & { after?: number } = {},
  ): Promise<void> {
    const response = await this.#fetch(
      `${this.#baseUrl}/runs/${id}/stream?after=${options.after ?? 0}`,
      { signal: options.signal, headers: { Accept: 'text/event-stream' } },
    );
    if (!response.ok || !response.body) {
      throw await ResponseError.fromResponse(response);
    }
    for await (const { event, data } of serverSentEvents(response.body)) {
      if (event === 'log') {
        listener.onLine(JSON.parse(data));
      } else if (event === 'run') {
        listener.onRun(JSON.parse(data));
      }
    }
  }

  /** Asks a queued or running run to end; what it did so far stays sound. */
  cancelRun(id: string, options?: NaapCallOptions): Promise<Run> {
    return this.#send(`/runs/${id}/cancel`, undefined, options);
  }

  /** Asks for a run with the step and the arguments of one that has ended. */
  retryRun(id: string, options?: NaapCallOptions): Promise<Run> {
    return this.#send(`/runs/${id}/retry`, undefined, options);
  }

  /** The way of the data, with where each node of it stands. */
  lineage(options?: NaapCallOptions): Promise<LineageAnswer> {
    return this.#get('/lineage', new URLSearchParams(), options);
  }

  /** Columns, SQL and tests of one node. */
  lineageNode(
    id: string,
    options?: NaapCallOptions,
  ): Promise<LineageNodeAnswer> {
    return this.#get('/lineage/node', new URLSearchParams({ id }), options);
  }

  #get<T>(
    path: string,
    params: URLSearchParams,
    options?: NaapCallOptions,
  ): Promise<T> {
    const search = params.toString();
    return this.#ask(`${path}${search ? `?${search}` : ''}`, {
      signal: options?.signal,
    });
  }

  #send<T>(
    path: string,
    body: object | undefined,
    options?: NaapCallOptions,
  ): Promise<T> {
    return this.#ask(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body ?? {}),
      signal: options?.signal,
    });
  }

  async #ask<T>(path: string, init: RequestInit): Promise<T> {
    const response = await this.#fetch(`${this.#baseUrl}${path}`, init);
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
