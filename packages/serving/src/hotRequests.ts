import { Database } from './client';
import { RowCondition, rowConditions } from './conditions';
import { KPI_FILTERS, RequestQuery, RequestRow } from './contract';
import { hotRows } from './dayRows';
import { ServedDays } from './hotDays';
import {
  checkPage,
  ReadRequests,
  REQUEST_SELECTION,
  requestOrder,
  sqlRequests,
} from './requestQuery';
import { HourWindow } from './window';

function requestConditions(
  window: HourWindow,
  { filters, outcome, requestId, streamId }: RequestQuery,
): Array<RowCondition<keyof RequestRow>> {
  const oneOf = (
    column: keyof RequestRow,
    values: Array<string | null> | undefined,
  ): Array<RowCondition<keyof RequestRow>> =>
    values
      ? [{ columns: [column], passes: value => values.includes(value) }]
      : [];
  return [
    ...oneOf('request_id', requestId === undefined ? requestId : [requestId]),
    ...oneOf('stream_id', streamId === undefined ? streamId : [streamId]),
    ...oneOf('outcome', outcome),
    ...rowConditions<keyof RequestRow>(window, filters),
  ];
}

/**
 * Requests of what is served at a revision, found in memory where the days of a window can be held there: about 600
 * bytes each, and a day of 830,000 events has some 35,000.
 */
export function hotRequests(
  database: Database,
  served: ServedDays,
): (revision: number) => ReadRequests {
  const inSql = sqlRequests(database);
  const hot = hotRows<RequestRow>(database, served, {
    table: 'fct_requests',
    selection: REQUEST_SELECTION,
    order: requestOrder('oldest'),
    repeating: [
      'hour',
      'outcome',
      'reason',
      'identity',
      'orch_uri',
      ...KPI_FILTERS,
    ],
    maxRowsOfQuestion: 100_000,
    maxRowsHeld: 200_000,
  });
  return revision => async (window, query) => {
    checkPage(query);
    const conditions = requestConditions(window, query);
    const days = await hot.in(revision, window);
    if (!days) return inSql(window, query);
    const found = days.map(day => ({ day, at: day.matching(conditions) }));
    if (query.order !== 'oldest') {
      found.reverse().forEach(({ at }) => at.reverse());
    }
    const total = found.reduce((sum, { at }) => sum + at.length, 0);
    const { offset = 0, limit = total } = query;
    const rows: RequestRow[] = [];
    let skipped = 0;
    for (const { day, at } of found) {
      const first = Math.max(0, offset - skipped);
      for (const place of at.slice(first, first + limit - rows.length)) {
        rows.push(day.row(place));
      }
      skipped += at.length;
    }
    return { total, rows };
  };
}
