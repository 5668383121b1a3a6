import { Slices } from '@naap/system';
import { Database } from '../database';
import { selectedDimension } from '../dimensions';
import { METRICS, PARTS } from '../groups';

export const DIMENSIONS = [
  'gateway',
  'region',
  'orchestrator',
  'model',
  'pipeline',
  'gpu',
  'gpu_id',
] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** Buckets of a metric that can be held: values up to 6 · 10^8, a week in ms. */
export const WIDTH = 1024;

/**
 * One day of the tables by hour, or by five minutes, in columns, so that a question is answered by adding numbers up. A cell
 * is what the tables hold of one hour or slot and one value of every dimension.
 */
export interface DayCells {
  /** `YYYY-MM-DD`. */
  day: string;
  /** Unix seconds, by cell: where its hour or slot begins, ascending. */
  times: Uint32Array;
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
  by: 'hour' | 'slot',
  day: string,
): Promise<DayCells | null> {
  const keys = [by, ...DIMENSIONS];
  const selected = keys.map(selectedDimension).join();
  const suffix = by === 'hour' ? 'hourly' : '5min';
  const where = 'WHERE toDate(hour) = {day:Date}';
  const metric = `transform(metric, [${METRICS.map(name => `'${name}'`)}], [${[
    ...METRICS.keys(),
  ]}], -1)`;
  const [sums, bucketed] = await Promise.all([
    database.rows<[number, ...Array<string | number | null>]>(
      `SELECT ${selected},${PARTS.map(name => `sum(${name})`)}
FROM naap.kpi_${suffix} ${where} GROUP BY ${keys} ORDER BY ${by}`,
      { day },
    ),
    database.rows<[number, ...Array<string | number[] | null>]>(
      `SELECT ${selected},groupArray(${metric}),groupArray(bucket),groupArray(n)
FROM naap.kpi_latency_${suffix} ${where} GROUP BY ${keys}`,
      { day },
    ),
  ]);

  const slices = new Slices();
  const cells = new Map<
    string,
    {
      time: number;
      parts?: number[];
      buckets?: [number[], number[], number[]];
    }
  >();
  const cellAt = (row: unknown[]) => {
    const key = JSON.stringify(row.slice(0, keys.length));
    const cell = cells.get(key) ?? { time: Number(row[0]) };
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
  // They come in order, but for what would have buckets alone.
  const inOrder = [...cells].sort(([, a], [, b]) => a.time - b.time);
  for (const [key, { parts, buckets }] of inOrder) {
    const [time, ...values] = JSON.parse(key) as [
      number,
      ...Array<string | null>,
    ];
    held.times[cell] = time;
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
    times: new Uint32Array(cells),
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
