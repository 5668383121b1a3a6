import { Database } from './client';
import { conditions } from './conditions';
import { RequestQuery, RequestRow } from './contract';
import { rowMaker, Selection, selectList } from './dayRows';
import { InvalidQueryError } from './errors';
import { evidenceSql } from './evidence';
import { HourWindow } from './window';

export const REQUEST_SELECTION: Selection<RequestRow> = {
  stream_id: 'stream_id',
  request_id: 'request_id',
  requested_at: { ms: 'toUnixTimestamp64Milli(requested_at)' },
  hour: { ms: 'toUnixTimestamp(hour) * 1000' },
  gateway: 'gateway',
  region: 'region',
  orchestrator: 'orchestrator',
  identity: 'identity',
  orch_uri: 'orch_uri',
  model: 'model',
  pipeline: 'pipeline',
  gpu: 'gpu',
  warm: 'warm',
  ptff_ms: 'ptff_ms',
  e2e_ms: 'e2e_ms',
  startup_ms: 'startup_ms',
  overlay: 'overlay',
  fps_mean: 'fps_mean',
  fps_samples: 'fps_samples',
  jitter: 'jitter',
  outcome: 'outcome',
  reason: 'reason',
  error_events: 'error_events',
  swapped: 'swapped',
  swap_events: 'swap_events',
};

/** By time, then stream and id. */
export function requestOrder(order: RequestQuery['order']): string {
  const direction = order === 'oldest' ? 'ASC' : 'DESC';
  return ['requested_at', 'stream_id', 'request_id']
    .map(column => `${column} ${direction}`)
    .join();
}

/** Requests in their order, and how many there are without `limit` and `offset`. */
export type ReadRequests = (
  window: HourWindow,
  query: Omit<RequestQuery, 'from' | 'to'>,
) => Promise<{ total: number; rows: RequestRow[] }>;

/** @throws InvalidQueryError for a page that there can't be */
export function checkPage({ limit, offset }: RequestQuery): void {
  for (const [name, value] of Object.entries({ limit, offset })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new InvalidQueryError(
        `${name} must be a whole number from 0 up; got ${value}`,
      );
    }
  }
}

/** Requests that ClickHouse finds. */
export function sqlRequests(database: Database): ReadRequests {
  return async (window, query) => {
    const { filters, outcome, requestId, streamId, limit, offset = 0 } = query;
    checkPage(query);
    const where = conditions(window, filters);
    const parts = [where.sql];
    const parameters = { ...where.parameters };
    if (outcome) {
      parts.push('outcome IN {outcome:Array(String)}');
      parameters.outcome = outcome;
    }
    if (requestId !== undefined) {
      parts.push('request_id = {requestId:String}');
      parameters.requestId = requestId;
    }
    if (streamId !== undefined) {
      parts.push('stream_id = {streamId:String}');
      parameters.streamId = streamId;
    }
    const evidence = query.kpi && evidenceSql(query.kpi);
    parts.push(...(evidence?.conditions ?? []));
    const from = `FROM naap.fct_requests WHERE ${parts.join(' AND ')}`;
    let page = '';
    if (limit !== undefined) {
      page = 'LIMIT {limit:UInt64} OFFSET {offset:UInt64}';
      Object.assign(parameters, { limit, offset });
    } else if (offset > 0) {
      page = 'OFFSET {offset:UInt64}';
      Object.assign(parameters, { offset });
    }
    const [[[total]], rows] = await Promise.all([
      database.rows<[number]>(`SELECT count() ${from}`, parameters),
      database.rows<unknown[]>(
        `SELECT ${selectList(REQUEST_SELECTION)}
${from} ORDER BY ${[
          ...(evidence?.order ?? []),
          requestOrder(query.order),
        ]} ${page}`,
        parameters,
      ),
    ]);
    return { total, rows: rows.map(rowMaker(REQUEST_SELECTION)) };
  };
}
