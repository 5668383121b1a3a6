import { mapInSlices } from '@naap/system';
import { allOf, conditions, OWN_COLUMNS } from './conditions';
import { RequestQuery, RequestRow } from './contract';
import { Key } from './cursor';
import { Database } from './database';
import { InvalidQueryError } from './errors';
import { evidenceSql, worstOf } from './evidence';
import { KpiReader } from './KpiReader';
import { Ordered } from './order';
import { readPage } from './page';
import { expressionsOf, rowMaker, Selection } from './selection';

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
  restarts: 'restarts',
  swapped: 'swapped',
  swap_events: 'swap_events',
};

/** By time, then stream and id; before that by what makes a KPI worse. */
export function requestOrder({
  order,
  kpi,
}: Pick<RequestQuery, 'order' | 'kpi'>): Ordered[] {
  const direction = order === 'oldest' ? 'ASC' : 'DESC';
  const worst = kpi && worstOf(kpi);
  return [
    ...(worst
      ? [
          {
            column: worst.fact,
            kind: 'number' as const,
            direction:
              worst.is === 'greatest' ? ('DESC' as const) : ('ASC' as const),
          },
        ]
      : []),
    { column: 'requested_at', kind: 'time', direction },
    { column: 'stream_id', kind: 'text', direction },
    { column: 'request_id', kind: 'text', direction },
  ];
}

/** Where a request stands in the order. */
export function requestKey(
  row: RequestRow,
  { kpi }: Pick<RequestQuery, 'kpi'>,
): Key {
  const worst = kpi && worstOf(kpi);
  return [
    ...(worst ? [row[worst.fact]] : []),
    Date.parse(row.requested_at),
    row.stream_id,
    row.request_id,
  ];
}

/** @throws InvalidQueryError for an offset that there can't be */
export function checkOffset({ offset = 0 }: RequestQuery): void {
  if (!(Number.isSafeInteger(offset) && offset >= 0)) {
    throw new InvalidQueryError(
      `offset must be a whole number from 0 up; got ${offset}`,
    );
  }
}

/** Requests that ClickHouse finds. */
export function sqlRequests(database: Database): KpiReader['requests'] {
  return async (window, query, page) => {
    const { filters, kpi, outcome, requestId, streamId, offset } = query;
    checkOffset(query);
    const where = allOf(
      conditions(window, filters, OWN_COLUMNS, 'requested_at'),
      outcome && {
        sql: 'outcome IN {outcome:Array(String)}',
        parameters: { outcome },
      },
      requestId === undefined
        ? null
        : { sql: 'request_id = {requestId:String}', parameters: { requestId } },
      streamId === undefined
        ? null
        : { sql: 'stream_id = {streamId:String}', parameters: { streamId } },
      kpi && { sql: evidenceSql(kpi), parameters: {} },
    );
    const from = 'naap.fct_requests';
    const [[[total]], { rows, more }] = await Promise.all([
      database.rows<[number]>(
        `SELECT count() FROM ${from} WHERE ${where.sql}`,
        where.parameters,
      ),
      page.limit === 0
        ? { rows: [], more: false }
        : readPage<unknown[]>(database, {
            select: expressionsOf(REQUEST_SELECTION),
            from,
            where,
            order: requestOrder(query),
            page,
            offset,
          }),
    ]);
    return {
      total,
      rows: await mapInSlices(rows, rowMaker(REQUEST_SELECTION)),
      more,
    };
  };
}
