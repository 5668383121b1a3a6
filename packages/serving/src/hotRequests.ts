import { Database } from './client';
import { rowConditions } from './conditions';
import { RequestQuery, RequestRow } from './contract';
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
): (row: RequestRow) => boolean {
  const isIn = rowConditions<RequestRow>(window, filters);
  const outcomes = outcome && new Set(outcome);
  return row =>
    (!outcomes || outcomes.has(row.outcome)) &&
    (requestId === undefined || row.request_id === requestId) &&
    (streamId === undefined || row.stream_id === streamId) &&
    isIn(row);
}

/**
 * Requests of what is served at a revision, found in memory where the days of a window can be held there: about 500
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
    maxRowsOfQuestion: 100_000,
    maxRowsHeld: 200_000,
  });
  return revision => async (window, query) => {
    checkPage(query);
    const matches = requestConditions(window, query);
    const days = await hot.in(revision, window);
    if (!days) return inSql(window, query);
    const found = days.flatMap(day => day.filter(matches));
    if (query.order !== 'oldest') found.reverse();
    const { offset = 0, limit = found.length } = query;
    return { total: found.length, rows: found.slice(offset, offset + limit) };
  };
}
