import { mapInSlices } from '@naap/system';
import { OWN_COLUMNS, RowCondition, rowConditions } from '../conditions';
import { KPI_FILTERS, RequestQuery, RequestRow } from '../contract';
import { Key } from '../cursor';
import { Database } from '../database';
import { rowEvidence } from '../evidence';
import { KpiReader } from '../KpiReader';
import { inOrder, orderBy } from '../order';
import { checkOffset, REQUEST_SELECTION, requestOrder } from '../requestQuery';
import { TimeWindow } from '../window';
import { hotRows } from './dayRows';
import { ServedDays } from './servedDays';

function requestConditions(
  window: TimeWindow,
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
    ...(kpi ? rowEvidence(kpi) : []),
    ...rowConditions<keyof RequestRow>(
      window,
      filters,
      OWN_COLUMNS,
      'requested_at',
    ),
  ];
}

/**
 * Requests of what is served at a revision, found in memory where the days of a window can be held there: about 600
 * bytes each, and a day of 830,000 events has some 35,000.
 */
export function hotRequests(
  cold: KpiReader,
  database: Database,
  served: ServedDays,
): (revision: number) => KpiReader['requests'] {
  const hot = hotRows<RequestRow>(database, served, {
    table: 'fct_requests',
    selection: REQUEST_SELECTION,
    order: orderBy(requestOrder({ order: 'oldest' })),
    repeating: [
      'hour',
      'outcome',
      'reason',
      'identity',
      'orch_uri',
      ...KPI_FILTERS,
    ],
    bytesOfRow: 400,
    maxRowsOfQuestion: 100_000,
  });
  return revision => async (window, query, page) => {
    checkOffset(query);
    const conditions = requestConditions(window, query);
    const days = await hot.in(revision, window);
    if (!days) return cold.requests(window, query, page);
    const order = requestOrder(query);
    const compare = inOrder(order);
    const found = days.flatMap(day =>
      day.matching(conditions).map(at => ({ day, at })),
    );
    const keyOf = ({ day, at }: (typeof found)[number]) =>
      order.map(({ column }) =>
        day.value(at, column as keyof RequestRow),
      ) as Key;
    // Days are in order, and so are their rows.
    if (query.order !== 'oldest') found.reverse();
    const [{ column, direction }] = order;
    if (column !== 'requested_at') {
      const sign = direction === 'ASC' ? 1 : -1;
      const weights = new Map(
        found.map(row => [row, sign * Number(keyOf(row)[0])]),
      );
      found.sort((a, b) => weights.get(a)! - weights.get(b)!);
    }
    const { after, limit } = page;
    const rest = after
      ? found.slice(firstPast(found, row => compare(keyOf(row), after) > 0))
      : found;
    const { offset = 0 } = query;
    return {
      total: found.length,
      rows: await mapInSlices(
        rest.slice(offset, offset + limit),
        ({ day, at }) => day.row(at),
      ),
      more: limit > 0 && rest.length > offset + limit,
    };
  };
}

/** Where the first of ordered rows is that is past something; all behind it are. */
function firstPast<Row>(rows: Row[], isPast: (row: Row) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isPast(rows[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
