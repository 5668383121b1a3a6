import { conditions } from './conditions';
import { IngestStatsRow } from './contract';
import { Key } from './cursor';
import { Database } from './database';
import { keyOrder } from './groups';
import { PageAsk, Part, readPage } from './page';
import { HourWindow, isoTime } from './window';

export const INGEST_ORDER = keyOrder(['hour']);

export const ingestKey = ({ hour }: IngestStatsRow): Key => [
  Date.parse(hour) / 1000,
];

/** How many messages came in, by the hours of a window, in their order. */
export async function queryIngest(
  database: Database,
  window: HourWindow,
  page: PageAsk,
): Promise<Part<IngestStatsRow>> {
  const { sql, parameters } = conditions(window);
  const { rows, more } = await readPage<
    [
      hour: number,
      read: number,
      accepted: number,
      ignored: number,
      rejected: number,
      duplicate: number,
      reasons: Array<[reason: string, n: number]>,
    ]
  >(database, {
    select: [
      'toUnixTimestamp(hour)',
      'sum(n)',
      "sumIf(n, class = 'accepted')",
      "sumIf(n, class = 'ignored')",
      "sumIf(n, class = 'rejected')",
      "sumIf(n, class = 'duplicate')",
      'arraySort(groupArrayIf((assumeNotNull(reason), n), reason IS NOT NULL))',
    ],
    from: `(SELECT hour, class, reason, sum(n) AS n
  FROM naap.ingest_hourly WHERE ${sql} GROUP BY hour, class, reason)`,
    where: { sql: '1', parameters },
    group: 'GROUP BY hour',
    order: INGEST_ORDER,
    page,
  });
  return {
    rows: rows.map(([hour, read, accepted, ignored, rejected, ...rest]) => ({
      hour: isoTime(hour * 1000),
      read,
      accepted,
      ignored,
      rejected,
      duplicate: rest[0],
      reasons: Object.fromEntries(rest[1]),
    })),
    more,
  };
}
