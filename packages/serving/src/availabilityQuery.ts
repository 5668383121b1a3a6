import { allOf, conditions, FilterColumns } from './conditions';
import {
  AVAILABILITY_DIMENSIONS,
  AvailabilityDimension,
  AvailabilityRow,
  PriceRow,
} from './contract';
import { Database } from './database';
import { checkDimensions, dimensionsOf, selectedDimension } from './dimensions';
import { keyOrder } from './groups';
import { KpiReader } from './KpiReader';
import { afterKey, orderBy, upToKey } from './order';
import { readPage } from './page';
import { bucketMidValue, ratio, wilsonInterval } from './statistics';

/** Additive columns of `scrape_hourly`, in the order in which they are asked for. */
export const SCRAPE_PARTS = [
  'observations',
  'reachable',
  'refused',
  'masked',
  'response_n',
  'response_sum',
  'capacity_n',
  'busy_sum',
  'busy_capacity_sum',
] as const;

/** An id that begins so is one GPU wherever it appears; any other is one per URL, id and name (docs/kpis.md §6). */
export const GPU_UUID = 'GPU-';

/** Prices that are listed for a group. */
export const MOST_PRICES = 100;
/** Prices of all groups of a page that are read. */
const MOST_PRICES_READ = 50_000;

/** The filters that there are. */
export const AVAILABILITY_COLUMNS: FilterColumns = {
  orchestrator: ['orchestrator'],
};

type Key = string | number | null;

/** What the rows of a group add up to. */
export interface AvailabilitySums {
  /** Values of the dimensions asked for, hours in unix seconds. */
  keys: Key[];
  parts: Record<(typeof SCRAPE_PARTS)[number], number>;
  /** Buckets of p50, p95 and p99; null without an answer. */
  response: number[] | null;
  capacity: Record<'total' | 'inUse' | 'available', number | null>;
  gpus: { n: number; total: number; ids: number };
  prices: PriceRow[];
}

export function availabilityRow(
  by: AvailabilityDimension[],
  { keys, parts, response, capacity, gpus, prices }: AvailabilitySums,
): AvailabilityRow {
  const [low, high] = wilsonInterval(parts.reachable, parts.observations);
  const percentile = (which: 0 | 1 | 2) =>
    response && bucketMidValue('response_ms', response[which]);
  return {
    ...dimensionsOf(by, keys),
    observations: parts.observations,
    reachable: parts.reachable,
    availability: ratio(parts.reachable, parts.observations),
    availability_low: low,
    availability_high: high,
    refused: parts.refused,
    masked: parts.masked,
    response_ms: {
      n: parts.response_n,
      mean: ratio(parts.response_sum, parts.response_n),
      p50: percentile(0),
      p95: percentile(1),
      p99: percentile(2),
    },
    capacity: {
      n: parts.capacity_n,
      total: capacity.total,
      in_use: capacity.inUse,
      available: capacity.available,
      share_in_use: ratio(parts.busy_sum, parts.busy_capacity_sum),
    },
    gpu_utilization: {
      n: gpus.n,
      gpus: gpus.ids,
      mean: ratio(gpus.total, gpus.n),
    },
    prices,
  };
}

/** What ClickHouse adds up. */
export function sqlAvailability(database: Database): KpiReader['availability'] {
  return async (window, { by = [], filters }, page) => {
    checkDimensions(by, AVAILABILITY_DIMENSIONS);
    const where = conditions(window, filters, AVAILABILITY_COLUMNS);
    const order = keyOrder(by);
    const keys = by.map(name => selectedDimension(name));
    const grouped = (more: string[] = []) =>
      by.length + more.length > 0 ? `GROUP BY ${[...by, ...more]}` : '';
    const priceOrder = keyOrder([
      ...by,
      'pipeline',
      'model',
      'currency',
      'unit',
    ]);
    const perHour = [...new Set([...by, 'hour'])].join();
    const perUrl = [...new Set([...by, 'hour', 'url'])].join();
    const mean = (name: string) =>
      `sum(${name}_sum) / nullIf(sum(${name}_n), 0) AS ${name}`;

    const counts = await readPage<Key[]>(database, {
      select: [
        ...keys,
        ...SCRAPE_PARTS.map(name => `sum(${name})`),
        'sum(gpu_n)',
        'sum(gpu_total)',
        'uniqExact(gpu_key)',
      ],
      from: `(
  SELECT hour, day, orchestrator, url, ${SCRAPE_PARTS},
    0 AS gpu_n, 0 AS gpu_total, NULL AS gpu_key FROM naap.scrape_hourly WHERE kind = 'orchestrator' AND ${
      where.sql
    }
  UNION ALL
  SELECT hour, day, orchestrator, url, ${SCRAPE_PARTS.map(() => '0')},
    n, total, if(startsWith(ifNull(gpu_id, ''), '${GPU_UUID}'), gpu_id, gpu_id || toJSONString((url, gpu_id, gpu)))
    FROM naap.scrape_readings_hourly WHERE metric = 'gpu_utilization' AND ${
      where.sql
    }
)`,
      where: { sql: '1', parameters: where.parameters },
      group: grouped(),
      order,
      page,
    });
    const keyOf = (row: Key[]) => JSON.stringify(row.slice(0, by.length));
    const last = counts.rows.at(-1);
    if (!last) return { rows: [], more: counts.more };
    const { sql, parameters } = allOf(
      where,
      { sql: "kind = 'orchestrator'", parameters: {} },
      page.after && afterKey(order, page.after),
      by.length > 0 ? upToKey(order, last.slice(0, by.length)) : null,
    );

    const [percentiles, capacities, prices] = await Promise.all([
      database.rows<Array<Key | [number, number, number]>>(
        `SELECT ${[
          ...keys,
          'quantilesExactWeighted(0.5, 0.95, 0.99)(bucket, n)',
        ]}
FROM naap.scrape_latency_hourly WHERE ${sql} ${grouped()}`,
        parameters,
      ),
      database.rows<Key[]>(
        `SELECT ${[...keys, 'avg(capacities)', 'avg(used)', 'avg(left_over)']}
FROM (
  SELECT ${perHour}, sum(capacity) AS capacities, sum(in_use) AS used, sum(available) AS left_over
  FROM (
    SELECT ${perUrl}, ${['capacity', 'in_use', 'available'].map(mean)}
    FROM naap.scrape_hourly WHERE ${sql} GROUP BY ${perUrl}
  ) GROUP BY ${perHour}
) ${grouped()}`,
        parameters,
      ),
      readPage<Key[]>(database, {
        select: [
          ...keys,
          'pipeline',
          'model',
          'currency',
          'unit',
          'prices',
          'totals',
        ],
        from: `(
  SELECT ${[...by, 'pipeline', 'model', 'currency', 'unit']},
    sum(n) AS prices, sum(total) AS totals
  FROM naap.scrape_readings_hourly WHERE metric = 'price' AND ${sql}
  ${grouped(['pipeline', 'model', 'currency', 'unit'])}
  ${orderBy(priceOrder)} LIMIT ${MOST_PRICES}${by.length > 0 ? ` BY ${by}` : ''}
)`,
        where: { sql: '1', parameters },
        order: priceOrder,
        page: { limit: MOST_PRICES_READ, after: null },
      }),
    ]);

    const percentilesOf = new Map(
      percentiles.map(row => [keyOf(row as Key[]), row[by.length] as number[]]),
    );
    const capacityOf = new Map(
      capacities.map(row => [
        keyOf(row),
        row.slice(by.length) as Array<number | null>,
      ]),
    );
    const pricesOf = new Map<string, PriceRow[]>();
    for (const row of prices.rows) {
      const [pipeline, model, currency, unit] = row.slice(by.length) as Array<
        string | null
      >;
      const [n, total] = row.slice(by.length + 4).map(Number);
      const key = keyOf(row);
      const known = pricesOf.get(key) ?? [];
      known.push({ pipeline, model, currency, unit, n, mean: total / n });
      pricesOf.set(key, known);
    }
    // Where prices were too many bytes, the groups end before the first whose prices are not all there.
    const cutAt = prices.more ? keyOf(prices.rows.at(-1)!) : undefined;
    const whole = counts.rows.findIndex(row => keyOf(row) === cutAt);
    const kept = counts.rows.slice(0, whole > 0 ? whole : undefined);

    return {
      rows: kept.map(row => {
        const key = keyOf(row);
        const values = row.slice(by.length).map(Number);
        const parts = Object.fromEntries(
          SCRAPE_PARTS.map((name, i) => [name, values[i]]),
        ) as AvailabilitySums['parts'];
        const [n, total, ids] = values.slice(SCRAPE_PARTS.length);
        const [capacity, inUse, available] = capacityOf.get(key) ?? [];
        return availabilityRow(by, {
          keys: row,
          parts,
          response: parts.response_n > 0 ? percentilesOf.get(key)! : null,
          capacity: {
            total: capacity ?? null,
            inUse: inUse ?? null,
            available: available ?? null,
          },
          gpus: { n, total, ids },
          prices: pricesOf.get(key) ?? [],
        });
      }),
      more: counts.more || kept.length < counts.rows.length,
    };
  };
}
