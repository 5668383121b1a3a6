import { Slices } from '@naap/system';
import { Database } from './client';
import { passing } from './conditions';
import { KpiFilters } from './contract';
import { compareTexts } from './dimensions';
import {
  Group,
  GroupKey,
  GroupQuery,
  keyOrder,
  LEVELS,
  METRICS,
  MOST_DISTINCT,
  PARTS,
  Parts,
  Percentiles,
} from './groups';
import { inOrder } from './order';
import { Part } from './page';

const DIMENSIONS = [
  'gateway',
  'region',
  'orchestrator',
  'model',
  'pipeline',
  'gpu',
  'gpu_id',
] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** Groups that are put in order here; more of them ClickHouse sorts beside this thread. */
const MOST_GROUPS = 20_000;

/** Buckets of a metric that can be held: values up to 6 · 10^8, a week in ms. */
const WIDTH = 1024;

/**
 * One day of the hourly tables in columns, so that a question is answered by adding numbers up. A cell is what
 * the tables hold of one hour and one value of every dimension.
 */
export interface DayCells {
  /** `YYYY-MM-DD`. */
  day: string;
  /** Unix seconds, by cell. */
  hours: Uint32Array;
  /** By cell, where its value of a dimension stands among the values of the day. */
  codes: Record<Dimension, Uint32Array>;
  values: Record<Dimension, Array<string | null>>;
  /** All parts of the first cell, then of the next. */
  parts: Float64Array;
  /** Where the buckets of a metric of a cell begin, all metrics of the first cell first, and behind the last where they end. */
  starts: Uint32Array;
  /** Ascending within a metric of a cell. */
  buckets: Uint16Array;
  counts: Float64Array;
}

/** Reads a day; null when its buckets are none that can be held. */
export async function readDayCells(
  database: Database,
  day: string,
): Promise<DayCells | null> {
  const keys = ['hour', ...DIMENSIONS];
  const selected = ['toUnixTimestamp(hour)', ...DIMENSIONS].join();
  const where = 'WHERE toDate(hour) = {day:Date}';
  const metric = `transform(metric, [${METRICS.map(name => `'${name}'`)}], [${[
    ...METRICS.keys(),
  ]}], -1)`;
  const [sums, bucketed] = await Promise.all([
    database.rows<[number, ...Array<string | number | null>]>(
      `SELECT ${selected},${PARTS.map(name => `sum(${name})`)}
FROM naap.kpi_hourly ${where} GROUP BY ${keys}`,
      { day },
    ),
    database.rows<[number, ...Array<string | number[] | null>]>(
      `SELECT ${selected},groupArray(${metric}),groupArray(bucket),groupArray(n)
FROM naap.kpi_latency_hourly ${where} GROUP BY ${keys}`,
      { day },
    ),
  ]);

  const slices = new Slices();
  const cells = new Map<
    string,
    { parts?: number[]; buckets?: [number[], number[], number[]] }
  >();
  const cellAt = (row: unknown[]) => {
    const key = JSON.stringify(row.slice(0, keys.length));
    const cell = cells.get(key) ?? {};
    cells.set(key, cell);
    return cell;
  };
  let size = 0;
  for (const row of sums) {
    cellAt(row).parts = row.slice(keys.length) as number[];
    if (slices.over()) await slices.rest();
  }
  for (const row of bucketed) {
    const buckets = row.slice(keys.length) as [number[], number[], number[]];
    if (buckets[0].some(code => code < 0)) return null;
    if (buckets[1].some(bucket => bucket < 0 || bucket >= WIDTH)) {
      return null;
    }
    cellAt(row).buckets = buckets;
    size += buckets[0].length;
    if (slices.over()) await slices.rest();
  }

  const held = emptyDay(day, cells.size, size);
  const codeOf = new Map(DIMENSIONS.map(name => [name, new Map()]));
  let cell = 0;
  let at = 0;
  for (const [key, { parts, buckets }] of cells) {
    const [hour, ...values] = JSON.parse(key) as [
      number,
      ...Array<string | null>,
    ];
    held.hours[cell] = hour;
    for (const [i, name] of DIMENSIONS.entries()) {
      const value = values[i];
      const known = codeOf.get(name)!;
      const code = known.get(value) ?? held.values[name].push(value) - 1;
      known.set(value, code);
      held.codes[name][cell] = code;
    }
    if (parts) held.parts.set(parts, cell * PARTS.length);
    const [metrics, numbers, counts] = buckets ?? [[], [], []];
    const order = [...metrics.keys()].sort(
      (a, b) => metrics[a] - metrics[b] || numbers[a] - numbers[b],
    );
    let next = 0;
    for (const code of METRICS.keys()) {
      held.starts[cell * METRICS.length + code] = at;
      for (; metrics[order[next]] === code; next++, at++) {
        held.buckets[at] = numbers[order[next]];
        held.counts[at] = counts[order[next]];
      }
    }
    cell++;
    if (slices.over()) await slices.rest();
  }
  held.starts[cell * METRICS.length] = at;
  return held;
}

function emptyDay(day: string, cells: number, buckets: number): DayCells {
  return {
    day,
    hours: new Uint32Array(cells),
    codes: Object.fromEntries(
      DIMENSIONS.map(name => [name, new Uint32Array(cells)]),
    ) as DayCells['codes'],
    values: Object.fromEntries(
      DIMENSIONS.map(name => [name, [] as Array<string | null>]),
    ) as DayCells['values'],
    parts: new Float64Array(cells * PARTS.length),
    starts: new Uint32Array(cells * METRICS.length + 1),
    buckets: new Uint16Array(buckets),
    counts: new Float64Array(buckets),
  };
}

/** For every filter, by code, whether a value matches. */
function matchers(
  { codes, values }: DayCells,
  { filters = {}, gpuId }: GroupQuery,
): Array<{ codes: Uint32Array; matches: boolean[] }> {
  const asked = {
    ...filters,
    ...(gpuId && { gpu_id: gpuId }),
  } as KpiFilters & { gpu_id?: string[] };
  return DIMENSIONS.flatMap(name => {
    const list = asked[name];
    if (!list) return [];
    const wanted = passing(name, list);
    return [
      {
        codes: codes[name],
        matches: values[name].map(value => wanted.has(value)),
      },
    ];
  });
}

/** By cell, a number for the value of a key, and the values by that number. */
function keyColumn(cells: DayCells, key: GroupKey) {
  if (key === 'hour') {
    const first = cells.hours.reduce((a, b) => Math.min(a, b), Infinity);
    const last = cells.hours.reduce((a, b) => Math.max(a, b), 0);
    const size = first > last ? 0 : (last - first) / 3600 + 1;
    return {
      code: (cell: number) => (cells.hours[cell] - first) / 3600,
      values: Array.from({ length: size }, (_, i) => first + i * 3600),
    };
  }
  if (key === 'day') return { code: () => 0, values: [cells.day] };
  const codes = cells.codes[key];
  return { code: (cell: number) => codes[cell], values: cells.values[key] };
}

/** Tells cells apart by the values of their keys. */
function placesOf(
  columns: Array<ReturnType<typeof keyColumn>>,
): (cell: number) => number | string {
  const places = columns.reduce((sum, { values }) => sum * values.length, 1);
  return places <= Number.MAX_SAFE_INTEGER
    ? cell =>
        columns.reduce(
          (place, { code, values }) => place * values.length + code(cell),
          0,
        )
    : cell => columns.map(({ code }) => code(cell)).join();
}

/** A group while it is added up: its cells, day by day. */
interface Gathered {
  keys: Group['keys'];
  days: Array<{ cells: DayCells; members: number[] }>;
}

/** The groups that come after the key of the page, in any order; null when they are too many. */
async function gather(
  days: DayCells[],
  query: GroupQuery,
  slices: Slices,
): Promise<Gathered[] | null> {
  const {
    window,
    keys,
    page: { after },
  } = query;
  const compare = inOrder(keyOrder(keys));
  const from = (window.from ?? 0) / 1000;
  const to = (window.to ?? Infinity) / 1000;
  const groups = new Map<string, Gathered>();
  for (const cells of days) {
    const filters = matchers(cells, query);
    const columns = keys.map(key => keyColumn(cells, key));
    const known = new Map<number | string, number[] | null>();
    const placeOf = placesOf(columns);
    for (let cell = 0; cell < cells.hours.length; cell++) {
      const hour = cells.hours[cell];
      if (hour < from || hour >= to) continue;
      if (!filters.every(({ codes, matches }) => matches[codes[cell]])) {
        continue;
      }
      const place = placeOf(cell);
      let members = known.get(place);
      if (members === undefined) {
        const values = columns.map(column => column.values[column.code(cell)]);
        members = after && compare(values, after) <= 0 ? null : [];
        known.set(place, members);
        if (members) {
          const id = JSON.stringify(values);
          const group = groups.get(id) ?? { keys: values, days: [] };
          groups.set(id, group);
          group.days.push({ cells, members });
          if (groups.size > MOST_GROUPS) return null;
        }
      }
      members?.push(cell);
      if (cell % 256 === 0 && slices.over()) await slices.rest();
    }
  }
  if (keys.length === 0 && groups.size === 0) return [{ keys: [], days: [] }];
  return [...groups.values()];
}

function sumParts({ days }: Gathered): Parts {
  const sums = new Float64Array(PARTS.length);
  for (const { cells, members } of days) {
    const { parts } = cells;
    for (const cell of members) {
      const at = cell * PARTS.length;
      for (let i = 0; i < PARTS.length; i++) sums[i] += parts[at + i];
    }
  }
  return Object.fromEntries(PARTS.map((name, i) => [name, sums[i]])) as Parts;
}

/** Merges buckets and finds ranks in them. Used for group after group: between them it is all 0. */
class Histograms {
  readonly #counts = new Float64Array(METRICS.length * WIDTH);
  readonly #lowest = new Uint32Array(METRICS.length);
  readonly #highest = new Uint32Array(METRICS.length);

  percentiles(gathered: Gathered): Percentiles {
    this.#add(gathered);
    const found: Percentiles = new Map();
    for (const [i, name] of METRICS.entries()) {
      const lowest = this.#lowest[i];
      const end = this.#highest[i] + 1;
      if (lowest >= end) continue;
      const counts = this.#counts.subarray(lowest, end);
      const first = lowest - i * WIDTH;
      const [p50, p95, p99] = ranks(counts);
      found.set(name, [first + p50, first + p95, first + p99]);
      counts.fill(0);
    }
    return found;
  }

  #add({ days }: Gathered): void {
    const sums = this.#counts;
    const lowest = this.#lowest.fill(sums.length);
    const highest = this.#highest.fill(0);
    for (const { cells, members } of days) {
      const { starts, buckets, counts } = cells;
      for (const cell of members) {
        const first = cell * METRICS.length;
        for (let metric = 0; metric < METRICS.length; metric++) {
          const start = starts[first + metric];
          const end = starts[first + metric + 1];
          if (start === end) continue;
          const base = metric * WIDTH;
          lowest[metric] = Math.min(lowest[metric], base + buckets[start]);
          highest[metric] = Math.max(highest[metric], base + buckets[end - 1]);
          for (let i = start; i < end; i++) {
            sums[base + buckets[i]] += counts[i];
          }
        }
      }
    }
  }
}

/** Where the nearest ranks of the levels lie in counts. */
function ranks(counts: Float64Array): number[] {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let at = 0;
  let passed = counts[0];
  return LEVELS.map(level => {
    const rank = Math.ceil(total * level);
    while (passed < rank) passed += counts[++at];
    return at;
  });
}

function distinctValues(
  { days }: Gathered,
  name: 'model' | 'region',
): string[] {
  const values = new Set<string | null>();
  for (const { cells, members } of days) {
    for (const cell of members) {
      values.add(cells.values[name][cells.codes[name][cell]]);
    }
  }
  return [...values]
    .filter(value => value !== null)
    .sort(compareTexts)
    .slice(0, MOST_DISTINCT);
}

/** What `ReadGroups` says, of the days that the window touches; null when there are too many groups. */
export async function groupCells(
  days: DayCells[],
  query: GroupQuery,
): Promise<Part<Group> | null> {
  const {
    keys,
    distinct = [],
    page: { limit },
  } = query;
  const slices = new Slices();
  const histograms = new Histograms();
  const compare = inOrder(keyOrder(keys));
  const gathered = await gather(days, query, slices);
  if (!gathered) return null;
  gathered.sort((a, b) => compare(a.keys, b.keys));
  const rows: Group[] = [];
  for (const group of gathered) {
    if (rows.length === limit) return { rows, more: true };
    rows.push({
      keys: group.keys,
      parts: sumParts(group),
      percentiles: histograms.percentiles(group),
      distinct: distinct.map(name => distinctValues(group, name)),
    });
    if (slices.over()) await slices.rest();
  }
  return { rows, more: false };
}
