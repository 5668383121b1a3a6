import { Database } from './client';
import { RowCondition, rowConditions } from './conditions';
import { KPI_FILTERS, RequestQuery, RequestRow } from './contract';
import { hotRows } from './dayRows';
import { rowEvidence } from './evidence';
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
  { filters, kpi, outcome, requestId, streamId }: RequestQuery,
): Array<RowCondition<keyof RequestRow>> {
  const oneOf = (
    column: keyof RequestRow,
    values: Array<string | null> | undefined,
  ): Array<RowCondition<keyof RequestRow>> =>
    values
      ? [
          {
            columns: [column],
            passes: value => values.includes(value as string | null),
          },
        ]
      : [];
  return [
    ...oneOf('request_id', requestId === undefined ? requestId : [requestId]),
    ...oneOf('stream_id', streamId === undefined ? streamId : [streamId]),
    ...oneOf('outcome', outcome),
    ...(kpi ? rowEvidence(kpi).conditions : []),
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
    const weight = query.kpi && rowEvidence(query.kpi).weight;
    const found = days.flatMap(day =>
      day.matching(conditions).map(at => ({
        day,
        at,
        weight: weight ? weight.of(Number(day.value(at, weight.fact))) : 0,
      })),
    );
    if (query.order !== 'oldest') found.reverse();
    if (weight) found.sort((a, b) => a.weight - b.weight);
    const { offset = 0, limit = found.length } = query;
    return {
      total: found.length,
      rows: found
        .slice(offset, offset + limit)
        .map(({ day, at }) => day.row(at)),
    };
  };
}
