import { ResponseError } from '@backstage/errors';
import { withoutTrailingSlashes } from '@naap/events/names';
import { serverSentEvents } from './serverSentEvents';
import {
  AvailabilityAnswer,
  AvailabilityQuery,
  ContestedAnswer,
  DimensionAnswer,
  DimensionQuery,
  GpuAnswer,
  GpuQuery,
  IngestStatsAnswer,
  IngestStatsQuery,
  InventoryAnswer,
  KpiAnswer,
  KpiFilter,
  KpiFilters,
  KpiQuery,
  PageQuery,
  RequestAnswer,
  RequestQuery,
  ScoreAnswer,
  ScoreQuery,
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  SwapQuery,
  TargetAnswer,
  TargetQuery,
  Window,
} from '@naap/serving/contract';
import {
  ConnectorActionAnswer,
  ConnectorListAnswer,
  DeadLetterAnswer,
  FreshnessAnswer,
  LineageAnswer,
  LineageNodeAnswer,
  MessagePlace,
  QuarantineAnswer,
  QuarantineQuery,
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
import type { ConnectorAction, StepId } from './permissions';

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
 * than 2xx (its `cause.message` says what was wrong), and with what `fetch` throws when there is no answer. Lists come in
 * pages: `pagesOf` asks for all of them.
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
    return this.#get('/kpis', groupParams(query), options);
  }

  /** Requests of a window, newest first unless asked otherwise. */
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
   * The facts of one request and a page of its events. `request_id` is 8 hex digits and collides, so give the
   * `stream_id` when it is known.
   */
  request(
    id: { requestId: string; streamId?: string } & PageQuery,
    options?: NaapCallOptions,
  ): Promise<RequestDetailAnswer> {
    const params = new URLSearchParams();
    if (id.streamId !== undefined) {
      params.set('stream_id', id.streamId);
    }
    appendPage(params, id);
    return this.#get(
      `/requests/${encodeURIComponent(id.requestId)}`,
      params,
      options,
    );
  }

  /** The busiest values of the filters within a window; with a dimension the values of this one, in pages. */
  dimensions<Asked extends KpiFilter = KpiFilter>(
    query: DimensionQuery<Asked>,
    options?: NaapCallOptions,
  ): Promise<DimensionAnswer<Asked>> {
    const params = windowParams(query);
    if (query.dimension) params.set('dimension', query.dimension);
    if (query.search) params.set('search', query.search);
    appendPage(params, query);
    return this.#get('/dimensions', params, options);
  }

  /** Where the served numbers stand, and how the loop that makes them fares. */
  freshness(options?: NaapCallOptions): Promise<FreshnessAnswer> {
    return this.#get('/freshness', new URLSearchParams(), options);
  }

  /** Ignored and rejected messages, with the beginning of each. */
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

  /** One message whole, as it came in. */
  async message(
    { topic, partition, offset }: MessagePlace,
    options?: NaapCallOptions,
  ): Promise<Blob> {
    const response = await this.#answered(
      `/messages/${encodeURIComponent(topic)}/${partition}/${offset}`,
      { signal: options?.signal },
    );
    return response.blob();
  }

  /** Messages by class and hour. */
  ingestStats(
    query: IngestStatsQuery,
    options?: NaapCallOptions,
  ): Promise<IngestStatsAnswer> {
    return this.#get('/ingest-stats', groupParams(query), options);
  }

  /** SLA scores of a window, one per orchestrator, model or GPU. */
  scores(query: ScoreQuery, options?: NaapCallOptions): Promise<ScoreAnswer> {
    const { by, ...rest } = query;
    return this.#get('/scores', groupParams({ ...rest, by: [by] }), options);
  }

  /** Targets of every model for a window. */
  targets(
    query: TargetQuery,
    options?: NaapCallOptions,
  ): Promise<TargetAnswer> {
    return this.#get('/targets', groupParams(query), options);
  }

  /** What the orchestrators offered. */
  supply(query: SupplyQuery, options?: NaapCallOptions): Promise<SupplyAnswer> {
    return this.#get('/supply', groupParams(query), options);
  }

  /** What the scraper found at orchestrators. */
  availability(
    query: AvailabilityQuery,
    options?: NaapCallOptions,
  ): Promise<AvailabilityAnswer> {
    return this.#get('/availability', groupParams(query), options);
  }

  /** KPIs by GPU. */
  gpus(query: GpuQuery, options?: NaapCallOptions): Promise<GpuAnswer> {
    const params = groupParams(query);
    query.gpuId?.forEach(id => params.append('gpu_id', id));
    return this.#get('/gpus', params, options);
  }

  /** Swaps between orchestrators; a filter on `orchestrator` matches either end. */
  swaps(query: SwapQuery, options?: NaapCallOptions): Promise<SwapAnswer> {
    return this.#get('/swaps', groupParams(query), options);
  }

  /** Every orchestrator and model ever seen. */
  inventory(
    page: PageQuery,
    options?: NaapCallOptions,
  ): Promise<InventoryAnswer> {
    return this.#get('/inventory', groupParams(page), options);
  }

  /** URLs that capability reports give to several addresses. */
  contested(
    page: PageQuery,
    options?: NaapCallOptions,
  ): Promise<ContestedAnswer> {
    return this.#get('/contested', groupParams(page), options);
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
    query: { after?: number } & PageQuery = {},
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

  /** The connectors that write the lake, and how each stands. */
  connectors(options?: NaapCallOptions): Promise<ConnectorListAnswer> {
    return this.#get('/connectors', new URLSearchParams(), options);
  }

  /** Pauses, resumes or restarts one of them. */
  changeConnector(
    change: { connector: string; action: ConnectorAction },
    options?: NaapCallOptions,
  ): Promise<ConnectorActionAnswer> {
    const { connector, action } = change;
    return this.#send(
      `/connectors/${encodeURIComponent(connector)}/${action}`,
      undefined,
      options,
    );
  }

  /** The newest records that connectors could not read. */
  deadLetters(
    query: { limit?: number } = {},
    options?: NaapCallOptions,
  ): Promise<DeadLetterAnswer> {
    const params = new URLSearchParams();
    appendPage(params, query);
    return this.#get('/dead-letters', params, options);
  }

  /** The way of the data, with where each node of it stands. */
  lineage(page: PageQuery, options?: NaapCallOptions): Promise<LineageAnswer> {
    return this.#get('/lineage', groupParams(page), options);
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
    return (await (await this.#answered(path, init)).json()) as T;
  }

  async #answered(path: string, init: RequestInit): Promise<Response> {
    const response = await this.#fetch(`${this.#baseUrl}${path}`, init);
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
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

/** What most lists are asked with: a window, dimensions, filters and a page. */
function groupParams(
  query: Window & PageQuery & { by?: string[]; filters?: KpiFilters },
): URLSearchParams {
  const params = windowParams(query);
  if (query.by?.length) {
    params.set('by', query.by.join(','));
  }
  appendFilters(params, query.filters);
  appendPage(params, query);
  return params;
}

function appendFilters(params: URLSearchParams, filters: KpiFilters = {}) {
  for (const [dimension, values] of Object.entries(filters)) {
    values?.forEach(value => params.append(dimension, value ?? NULL_LITERAL));
  }
}

function appendPage(
  params: URLSearchParams,
  page: PageQuery & { offset?: number },
) {
  if (page.limit !== undefined) {
    params.set('limit', String(page.limit));
  }
  if (page.offset !== undefined) {
    params.set('offset', String(page.offset));
  }
  if (page.cursor !== undefined) {
    params.set('cursor', page.cursor);
  }
}
