import {
  AvailabilitySums,
  GPU_UUID,
  MOST_PRICES,
  SCRAPE_PARTS,
} from '../availabilityQuery';
import { AvailabilityDimension, PriceRow } from '../contract';
import { compareKeys } from '../dimensions';
import { keyOrder, LEVELS } from '../groups';
import { inOrder } from '../order';

/** Of every row of the three tables. */
export interface Target {
  hour: string;
  day: string;
  orchestrator: string | null;
  url: string;
  kind: string;
}

const CAPACITIES = ['capacity', 'in_use', 'available'] as const;
type Capacity = (typeof CAPACITIES)[number];

export type Scrapes = Target &
  Record<
    (typeof SCRAPE_PARTS)[number] | `${Capacity}_n` | `${Capacity}_sum`,
    number
  >;

export interface Latencies extends Target {
  /** Bucket and number of answers in it. */
  buckets: Array<[bucket: number, n: number]>;
}

export interface Reading extends Target {
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
export class FoundGroups {
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
