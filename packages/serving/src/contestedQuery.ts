import { Database } from './database';
import { ContestedUrl } from './contract';
import { firstHundred } from './inventoryQuery';
import { Ordered } from './order';
import { PageAsk, Part, readPage } from './page';
import { isoTime } from './window';

export const URL_ORDER: Ordered[] = [
  { column: 'url', kind: 'text', direction: 'ASC' },
];

/** URLs that reports give to several addresses, of all times, in their order. */
export async function queryContested(
  database: Database,
  page: PageAsk,
): Promise<Part<ContestedUrl>> {
  const { rows, more } = await readPage<
    [
      url: string,
      addresses: string[],
      firstMs: number,
      lastMs: number,
      reports: number,
    ]
  >(database, {
    select: [
      'url',
      firstHundred('addresses'),
      'toUnixTimestamp64Milli(first_seen_at)',
      'toUnixTimestamp64Milli(last_seen_at)',
      'reports',
    ],
    from: 'naap.dim_contested_urls',
    where: { sql: '1', parameters: {} },
    order: URL_ORDER,
    page,
  });
  return {
    rows: rows.map(([url, addresses, firstMs, lastMs, reports]) => ({
      url,
      addresses,
      first_seen_at: isoTime(firstMs),
      last_seen_at: isoTime(lastMs),
      reports,
    })),
    more,
  };
}
