import { Database } from './client';
import { RowCondition, rowConditions } from './conditions';
import { KPI_FILTERS, KpiFilter, RequestQuery, RequestRow } from './contract';
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

const CONDITIONED = ['hour', 'outcome', ...KPI_FILTERS] as const;

function requestConditions(
  window: HourWindow,
  { filters, outcome }: RequestQuery,
): Array<RowCondition<(typeof CONDITIONED)[number]>> {
  const asked = rowConditions<KpiFilter>(window, filters);
  if (!outcome) return asked;
  const outcomes = new Set<string | null>(outcome);
  return [
    ...asked,
    { columns: ['outcome'], passes: value => outcomes.has(value) },
  ];
}

function hasIds(
  row: RequestRow,
  { requestId, streamId }: Pick<RequestQuery, 'requestId' | 'streamId'>,
): boolean {
  return (
    (requestId === undefined || row.request_id === requestId) &&
    (streamId === undefined || row.stream_id === streamId)
  );
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
  const hot = hotRows(database, served, {
    table: 'fct_requests',
    selection: REQUEST_SELECTION,
    order: requestOrder('oldest'),
    conditioned: [...CONDITIONED],
    maxRowsOfQuestion: 100_000,
    maxRowsHeld: 200_000,
  });
  return revision => async (window, query) => {
    checkPage(query);
    const conditions = requestConditions(window, query);
    const days = await hot.in(revision, window);
    if (!days) return inSql(window, query);
    const found = days
      .flatMap(day => day.matching(conditions))
      .filter(row => hasIds(row, query));
    if (query.order !== 'oldest') found.reverse();
    const { offset = 0, limit = found.length } = query;
    return { total: found.length, rows: found.slice(offset, offset + limit) };
  };
}
