import { Database } from './client';
import { conditions } from './conditions';
import {
  AVAILABILITY_DIMENSIONS,
  AvailabilityQuery,
  AvailabilityRow,
  PriceRow,
} from './contract';
import { checkDimensions, dimensionsOf } from './dimensions';
import { bucketMidValue, ratio, wilsonInterval } from './statistics';
import { HourWindow } from './window';

/** Additive columns of `scrape_hourly`, in the order in which they are asked for. */
const PARTS = [
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

type Key = string | number | null;

/**
 * What the scraper found, by the dimensions asked and in their order, nulls last; without a dimension one row, also when
 * nothing was found. Availability, response time, capacity and prices are of targets of kind `orchestrator`; how busy
 * GPUs are is measured by runners too.
 */
export async function queryAvailability(
  database: Database,
  window: HourWindow,
  { by = [], filters }: AvailabilityQuery,
): Promise<AvailabilityRow[]> {
  checkDimensions(by, AVAILABILITY_DIMENSIONS);
  const { sql, parameters } = conditions(window, filters, {
    orchestrator: ['orchestrator'],
  });
  const asked = `kind = 'orchestrator' AND ${sql}`;
  const keys = by.map(name =>
    name === 'hour' ? 'toUnixTimestamp(hour)' : name,
  );
  const grouped = (more: string[] = []) =>
    by.length + more.length > 0 ? `GROUP BY ${[...by, ...more].join()}` : '';
  const perHour = [...new Set([...by, 'hour'])].join();
  const perUrl = [...new Set([...by, 'hour', 'url'])].join();
  const mean = (name: string) =>
    `sum(${name}_sum) / nullIf(sum(${name}_n), 0) AS ${name}`;

  const [counts, percentiles, capacities, prices] = await Promise.all([
    database.rows<Key[]>(
      `SELECT ${[
        ...keys,
        ...PARTS.map(name => `sum(${name})`),
        'sum(gpu_n)',
        'sum(gpu_total)',
        'uniqExact(gpu_id)',
      ].join()}
FROM (
  SELECT hour, day, orchestrator, url, ${PARTS.join()},
    0 AS gpu_n, 0 AS gpu_total, NULL AS gpu_id FROM naap.scrape_hourly WHERE ${asked}
  UNION ALL
  SELECT hour, day, orchestrator, url, ${PARTS.map(() => '0').join()},
    n, total, gpu_id FROM naap.scrape_readings_hourly WHERE metric = 'gpu_utilization' AND ${sql}
) ${grouped()}
${
  by.length > 0
    ? `ORDER BY ${by.map(name => `${name} ASC NULLS LAST`).join()}`
    : ''
}`,
      parameters,
    ),
    database.rows<Array<Key | [number, number, number]>>(
      `SELECT ${[
        ...keys,
        'quantilesExactWeighted(0.5, 0.95, 0.99)(bucket, n)',
      ].join()}
FROM naap.scrape_latency_hourly WHERE ${asked} ${grouped()}`,
      parameters,
    ),
    database.rows<Key[]>(
      `SELECT ${[
        ...keys,
        'avg(capacities)',
        'avg(used)',
        'avg(left_over)',
      ].join()}
FROM (
  SELECT ${perHour}, sum(capacity) AS capacities, sum(in_use) AS used, sum(available) AS left_over
  FROM (
    SELECT ${perUrl}, ${['capacity', 'in_use', 'available'].map(mean).join()}
    FROM naap.scrape_hourly WHERE ${asked} GROUP BY ${perUrl}
  ) GROUP BY ${perHour}
) ${grouped()}`,
      parameters,
    ),
    database.rows<Key[]>(
      `SELECT ${[
        ...keys,
        'pipeline',
        'model',
        'currency',
        'unit',
        'sum(n)',
        'sum(total)',
      ].join()}
FROM naap.scrape_readings_hourly WHERE metric = 'price' AND ${asked}
${grouped(['pipeline', 'model', 'currency', 'unit'])}
ORDER BY pipeline ASC NULLS LAST, model ASC NULLS LAST, currency ASC NULLS LAST, unit ASC NULLS LAST`,
      parameters,
    ),
  ]);

  const keyOf = (row: unknown[]) => JSON.stringify(row.slice(0, by.length));
  const percentilesOf = new Map(
    percentiles.map(row => [keyOf(row), row[by.length] as number[]]),
  );
  const capacityOf = new Map(
    capacities.map(row => [
      keyOf(row),
      row.slice(by.length) as Array<number | null>,
    ]),
  );
  const pricesOf = new Map<string, PriceRow[]>();
  for (const row of prices) {
    const [pipeline, model, currency, unit] = row.slice(by.length) as Array<
      string | null
    >;
    const [n, total] = row.slice(by.length + 4).map(Number);
    const price = { pipeline, model, currency, unit, n, mean: total / n };
    pricesOf.set(keyOf(row), [...(pricesOf.get(keyOf(row)) ?? []), price]);
  }

  return counts.map(row => {
    const key = keyOf(row);
    const values = row.slice(by.length).map(Number);
    const parts = Object.fromEntries(
      PARTS.map((name, i) => [name, values[i]]),
    ) as Record<(typeof PARTS)[number], number>;
    const [gpuReadings, gpuTotal, gpus] = values.slice(PARTS.length);
    const interval = wilsonInterval(parts.reachable, parts.observations);
    const percentile = (which: 0 | 1 | 2) =>
      parts.response_n > 0
        ? bucketMidValue('response_ms', percentilesOf.get(key)![which])
        : null;
    const [total, inUse, available] = capacityOf.get(key) ?? [];
    return {
      ...dimensionsOf(by, row),
      observations: parts.observations,
      reachable: parts.reachable,
      availability: ratio(parts.reachable, parts.observations),
      availability_low: interval[0],
      availability_high: interval[1],
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
        total: total ?? null,
        in_use: inUse ?? null,
        available: available ?? null,
        share_in_use: ratio(parts.busy_sum, parts.busy_capacity_sum),
      },
      gpu_utilization: {
        n: gpuReadings,
        gpus,
        mean: ratio(gpuTotal, gpuReadings),
      },
      prices: pricesOf.get(key) ?? [],
    };
  });
}
