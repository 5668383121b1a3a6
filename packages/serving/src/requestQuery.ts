import { Database } from './client';
import { conditions } from './conditions';
import { RequestQuery, RequestRow } from './contract';
import { InvalidQueryError } from './errors';
import { HourWindow, isoTime } from './window';

const COLUMNS: Array<keyof RequestRow> = [
  'stream_id',
  'request_id',
  'requested_at',
  'hour',
  'gateway',
  'region',
  'orchestrator',
  'identity',
  'orch_uri',
  'model',
  'pipeline',
  'gpu',
  'warm',
  'ptff_ms',
  'e2e_ms',
  'startup_ms',
  'overlay',
  'fps_mean',
  'fps_samples',
  'jitter',
  'outcome',
  'reason',
  'error_events',
  'swapped',
  'swap_events',
];

/** Columns that are no plain JSON value: unix ms. */
const EXPRESSIONS: Partial<Record<keyof RequestRow, string>> = {
  requested_at: 'toUnixTimestamp64Milli(requested_at)',
  hour: 'toUnixTimestamp(hour) * 1000',
};

function checkCount(name: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
    throw new InvalidQueryError(
      `${name} must be a whole number from 0 up; got ${value}`,
    );
  }
}

/** Requests by their time (then stream and id), and how many there are without `limit`. */
export async function queryRequests(
  database: Database,
  window: HourWindow,
  query: Omit<RequestQuery, 'from' | 'to'>,
): Promise<{ total: number; rows: RequestRow[] }> {
  const { filters, outcome, requestId, streamId, limit, offset = 0 } = query;
  checkCount('limit', limit);
  checkCount('offset', offset);
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
  const from = `FROM naap.fct_requests WHERE ${parts.join(' AND ')}`;
  const direction = query.order === 'oldest' ? 'ASC' : 'DESC';
  const order = ['requested_at', 'stream_id', 'request_id']
    .map(column => `${column} ${direction}`)
    .join();
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
      `SELECT ${COLUMNS.map(name => EXPRESSIONS[name] ?? name).join()}
${from} ORDER BY ${order} ${page}`,
      parameters,
    ),
  ]);
  return {
    total,
    rows: rows.map(row => {
      const request = Object.fromEntries(
        COLUMNS.map((name, i) => [
          name,
          name in EXPRESSIONS ? isoTime(row[i] as number) : row[i],
        ]),
      );
      return request as unknown as RequestRow;
    }),
  };
}
