import { Slices } from '@naap/system';
import {
  AVAILABILITY_COLUMNS,
  availabilityRow,
  AvailabilitySums,
  GPU_UUID,
  MOST_PRICES,
  ReadAvailability,
  SCRAPE_PARTS,
  sqlAvailability,
} from './availabilityQuery';
import { Database } from './client';
import { rowConditions } from './conditions';
import {
  AVAILABILITY_DIMENSIONS,
  AvailabilityDimension,
  PriceRow,
} from './contract';
import { hotRows, matchingRows, Selection } from './dayRows';
import { checkDimensions, compareKeys } from './dimensions';
import { keyOrder, LEVELS } from './groups';
import { ServedDays } from './hotDays';
import { inOrder } from './order';
import { partOf } from './page';

/** Of every row of the three tables. */
interface Target {
  hour: string;
  day: string;
  orchestrator: string | null;
  url: string;
  kind: string;
}

const CAPACITIES = ['capacity', 'in_use', 'available'] as const;
type Capacity = (typeof CAPACITIES)[number];

type Scrapes = Target &
  Record<
    (typeof SCRAPE_PARTS)[number] | `${Capacity}_n` | `${Capacity}_sum`,
    number
  >;

interface Latencies extends Target {
  /** Bucket and number of answers in it. */
  buckets: Array<[bucket: number, n: number]>;
}

interface Reading extends Target {
  metric: string;
  pipeline: string | null;
  model: string | null;
  gpu_id: string | null;
  gpu: string | null;
  currency: string | null;
  unit: string | null;
  n: number;
  total: number;
}

const TARGET: Selection<Target> = {
  hour: { ms: 'toUnixTimestamp(hour) * 1000' },
  day: 'toString(day)',
  orchestrator: 'orchestrator',
  url: 'url',
  kind: 'kind',
};

const asThemselves = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map(name => [name, name])) as Record<Name, Name>;

const LIMITS = {
  repeating: ['hour', 'day', 'orchestrator', 'url', 'kind'] as Array<
    keyof Target
  >,
  bytesOfRow: 200,
  maxRowsOfQuestion: 100_000,
};

/** The nearest ranks of the levels (p·n rounded up); null without a number. */
function nearestRanks(counts: Map<number, number>): number[] | null {
  const buckets = [...counts].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, n]) => sum + n, 0);
  if (total === 0) return null;
  let at = 0;
  let passed = buckets[0][1];
  return LEVELS.map(level => {
    while (passed < Math.ceil(total * level)) passed += buckets[++at][1];
    return buckets[at][0];
  });
}

/** What the targets have in an hour, each its mean; null where none says it. */
class HourOfCapacity {
  readonly #byUrl = new Map<string, { n: number; sum: number }>();

  add(url: string, n: number, sum: number): void {
    const of = this.#byUrl.get(url) ?? { n: 0, sum: 0 };
    this.#byUrl.set(url, { n: of.n + n, sum: of.sum + sum });
  }

  total(): number | null {
    const said = [...this.#byUrl.values()].filter(({ n }) => n > 0);
    return said.length > 0
      ? said.reduce((total, { n, sum }) => total + sum / n, 0)
      : null;
  }
}

/** A group while it is added up. */
class Found {
  readonly #parts = Object.fromEntries(
    SCRAPE_PARTS.map(name => [name, 0]),
  ) as AvailabilitySums['parts'];
  readonly #buckets = new Map<number, number>();
  readonly #capacities = new Map(
    CAPACITIES.map(name => [name, new Map<string, HourOfCapacity>()]),
  );
  readonly #gpus = { n: 0, total: 0, ids: new Set<string>() };
  readonly #prices = new Map<string, PriceRow & { total: number }>();

  constructor(readonly keys: AvailabilitySums['keys']) {}

  addScrapes(row: Scrapes): void {
    for (const name of SCRAPE_PARTS) this.#parts[name] += row[name];
    for (const [name, hours] of this.#capacities) {
      const hour = hours.get(row.hour) ?? new HourOfCapacity();
      hours.set(row.hour, hour);
      hour.add(row.url, row[`${name}_n`], row[`${name}_sum`]);
    }
  }

  addLatencies({ buckets }: Latencies): void {
    for (const [bucket, n] of buckets) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + n);
    }
  }

  addUtilization({ n, total, gpu_id: id, url, gpu }: Reading): void {
    this.#gpus.n += n;
    this.#gpus.total += total;
    if (id === null) return;
    const isUuid = id.startsWith(GPU_UUID);
    this.#gpus.ids.add(isUuid ? id : JSON.stringify([url, id, gpu]));
  }

  addPrice({ pipeline, model, currency, unit, n, total }: Reading): void {
    const key = JSON.stringify([pipeline, model, currency, unit]);
    const of = { pipeline, model, currency, unit };
    const price = this.#prices.get(key) ?? { ...of, n: 0, mean: 0, total: 0 };
    this.#prices.set(key, price);
    price.n += n;
    price.total += total;
  }

  sums(): AvailabilitySums {
    const { n, total, ids } = this.#gpus;
    return {
      keys: this.keys,
      parts: this.#parts,
      response: this.#parts.response_n > 0 ? nearestRanks(this.#buckets) : null,
      capacity: {
        total: this.#capacity('capacity'),
        inUse: this.#capacity('in_use'),
        available: this.#capacity('available'),
      },
      gpus: { n, total, ids: ids.size },
      prices: this.#pricesInOrder(),
    };
  }

  /** The mean over the hours that say it. */
  #capacity(name: Capacity): number | null {
    const hours = [...this.#capacities.get(name)!.values()].flatMap(
      hour => hour.total() ?? [],
    );
    return hours.length > 0
      ? hours.reduce((sum, hour) => sum + hour, 0) / hours.length
      : null;
  }

  #pricesInOrder(): PriceRow[] {
    const keysOf = ({ pipeline, model, currency, unit }: PriceRow) => [
      pipeline,
      model,
      currency,
      unit,
    ];
    return [...this.#prices.values()]
      .sort((a, b) => compareKeys(keysOf(a), keysOf(b)))
      .slice(0, MOST_PRICES)
      .map(({ total, ...price }) => ({ ...price, mean: total / price.n }));
  }
}

/** Groups by the dimensions; without one there is one, also when nothing was found. */
class Groups {
  readonly #groups = new Map<string, Found>();

  constructor(readonly by: AvailabilityDimension[]) {
    if (by.length === 0) this.#groups.set('[]', new Found([]));
  }

  /** The group of a row; undefined when there is none and none is to be made. */
  of(row: Target, make: boolean): Found | undefined {
    const keys = this.by.map(name =>
      name === 'hour' ? Date.parse(row.hour) / 1000 : row[name],
    );
    const id = JSON.stringify(keys);
    const known = this.#groups.get(id);
    if (known || !make) return known;
    const group = new Found(keys);
    this.#groups.set(id, group);
    return group;
  }

  inOrder(): Found[] {
    const compare = inOrder(keyOrder(this.by));
    return [...this.#groups.values()].sort((a, b) => compare(a.keys, b.keys));
  }
}

/** What was found as it is served at a revision, added up in memory where the days of a window can be held there. */
export function hotAvailability(
  database: Database,
  served: ServedDays,
): (revision: number) => ReadAvailability {
  const inSql = sqlAvailability(database);
  const scrapes = hotRows<Scrapes>(database, served, {
    table: 'scrape_hourly',
    selection: {
      ...TARGET,
      ...asThemselves(SCRAPE_PARTS),
      ...asThemselves(['capacity_n', 'in_use_n', 'available_n']),
      ...asThemselves(['capacity_sum', 'in_use_sum', 'available_sum']),
    } as Selection<Scrapes>,
    order: 'ORDER BY hour',
    ...LIMITS,
  });
  const latencies = hotRows<Latencies>(database, served, {
    table: 'scrape_latency_hourly',
    selection: {
      ...TARGET,
      buckets: 'groupArray((bucket, n))',
    } as Selection<Latencies>,
    group: 'hour, day, orchestrator, url, kind',
    order: 'ORDER BY hour',
    ...LIMITS,
  });
  const readings = hotRows<Reading>(database, served, {
    table: 'scrape_readings_hourly',
    selection: {
      ...TARGET,
      ...asThemselves(['metric', 'pipeline', 'model']),
      ...asThemselves(['gpu_id', 'gpu']),
      ...asThemselves(['currency', 'unit', 'n', 'total']),
    } as Selection<Reading>,
    order: 'ORDER BY hour',
    ...LIMITS,
  });
  return revision => async (window, query, page) => {
    const { by = [], filters } = query;
    checkDimensions(by, AVAILABILITY_DIMENSIONS);
    const conditions = rowConditions<keyof Target>(
      window,
      filters,
      AVAILABILITY_COLUMNS,
    );
    const [ofScrapes, ofLatencies, ofReadings] = await Promise.all([
      scrapes.in(revision, window),
      latencies.in(revision, window),
      readings.in(revision, window),
    ]);
    if (!ofScrapes || !ofLatencies || !ofReadings) {
      return inSql(window, query, page);
    }
    const slices = new Slices();
    const groups = new Groups(by);
    for (const row of matchingRows(ofScrapes, conditions)) {
      if (row.kind === 'orchestrator') groups.of(row, true)!.addScrapes(row);
      if (slices.over()) await slices.rest();
    }
    const read = matchingRows(ofReadings, conditions);
    for (const row of read) {
      if (row.metric === 'gpu_utilization') {
        groups.of(row, true)!.addUtilization(row);
      }
      if (slices.over()) await slices.rest();
    }
    for (const row of matchingRows(ofLatencies, conditions)) {
      if (row.kind === 'orchestrator') groups.of(row, false)?.addLatencies(row);
      if (slices.over()) await slices.rest();
    }
    for (const row of read) {
      if (row.metric === 'price' && row.kind === 'orchestrator') {
        groups.of(row, false)?.addPrice(row);
      }
      if (slices.over()) await slices.rest();
    }
    const { rows, more } = partOf(
      groups.inOrder(),
      page,
      keyOrder(by),
      group => group.keys,
    );
    return {
      rows: rows.map(group => availabilityRow(by, group.sums())),
      more,
    };
  };
}
