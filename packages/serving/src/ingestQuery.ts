import { Conditions, conditions } from './conditions';
import { IngestStatsRow, IngestTotals } from './contract';
import { Key } from './cursor';
import { Database } from './database';
import { keyOrder } from './groups';
import { PageAsk, Part, readPage } from './page';
import { TimeWindow, isoTime } from './window';

export const INGEST_ORDER = keyOrder(['hour']);

export const ingestKey = ({ hour }: IngestStatsRow): Key => [
  Date.parse(hour) / 1000,
];

type Counts = [
  read: number,
  accepted: number,
  ignored: number,
  rejected: number,
  duplicate: number,
  reasons: Array<[reason: string, n: number]>,
];

/** `Counts`, of rows by class and reason. */
const COUNTS = [
  'sum(n)',
  "sumIf(n, class = 'accepted')",
  "sumIf(n, class = 'ignored')",
  "sumIf(n, class = 'rejected')",
  "sumIf(n, class = 'duplicate')",
  'arraySort(groupArrayIf((assumeNotNull(reason), n), reason IS NOT NULL))',
];

/** Rows by class and reason, and by whatever else. */
const summed = ({ sql }: Conditions, ...by: string[]) =>
  `(SELECT ${[...by, 'class', 'reason']}, sum(n) AS n
  FROM naap.ingest_hourly WHERE ${sql} GROUP BY ${[...by, 'class', 'reason']})`;

const totalsOf = (counts: Counts): IngestTotals => {
  const [read, accepted, ignored, rejected, duplicate, reasons] = counts;
  return {
    read,
    accepted,
    ignored,
    rejected,
    duplicate,
    reasons: Object.fromEntries(reasons),
  };
};

/** How many messages came in, by the hours of a window, in their order. */
export async function queryIngest(
  database: Database,
  window: TimeWindow,
  page: PageAsk,
): Promise<Part<IngestStatsRow>> {
  const where = conditions(window);
  const { rows, more } = await readPage<[hour: number, ...Counts]>(database, {
    select: ['toUnixTimestamp(hour)', ...COUNTS],
    from: summed(where, 'hour'),
    where: { sql: '1', parameters: where.parameters },
    group: 'GROUP BY hour',
    order: INGEST_ORDER,
    page,
  });
  return {
    rows: rows.map(([hour, ...counts]) => ({
      hour: isoTime(hour * 1000),
      ...totalsOf(counts),
    })),
    more,
  };
}

/** How many messages came in within a window. */
export async function queryIngestTotal(
  database: Database,
  window: TimeWindow,
): Promise<IngestTotals> {
  const where = conditions(window);
  const [counts] = await database.rows<Counts>(
    `SELECT ${COUNTS} FROM ${summed(where)}`,
    where.parameters,
  );
  return totalsOf(counts);
}
