import { Slices } from '@naap/system';
import { passing } from '../conditions';
import { KpiFilters } from '../contract';
import { Group, GroupKey, GroupQuery, keyOrder } from '../groups';
import { inOrder } from '../order';
import { TimeWindow } from '../window';
import { DayCells, DIMENSIONS } from './dayCells';

const LENGTHS = { hour: 3600, slot: 300 };

/** Groups that are put in order here; more of them ClickHouse sorts beside this thread. */
const MOST_GROUPS = 20_000;

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
  if (key === 'hour' || key === 'slot') {
    const { times } = cells;
    const length = LENGTHS[key];
    const number = (time: number) => Math.floor(time / length);
    const first = number(times[0] ?? 0);
    const size = number(times[times.length - 1] ?? 0) - first + 1;
    return {
      code: (cell: number) => number(times[cell]) - first,
      values: Array.from({ length: size }, (_, i) => (first + i) * length),
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

/** Where the first of ascending times is that is not before one. */
function firstFrom(times: Uint32Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Days with the part of the window that is read of them. */
export interface Span {
  days: DayCells[];
  window: TimeWindow;
}

/** A group while it is added up: its cells, day by day. */
export interface Gathered {
  keys: Group['keys'];
  days: Array<{ cells: DayCells; members: number[] }>;
}

/** The groups that come after the key of the page, in any order; null when they are too many. */
export async function gather(
  spans: Span[],
  query: GroupQuery,
  slices: Slices,
): Promise<Gathered[] | null> {
  const {
    keys,
    page: { after },
  } = query;
  const compare = inOrder(keyOrder(keys));
  const groups = new Map<string, Gathered>();
  const days = spans.flatMap(({ days: some, window }) =>
    some.map(cells => ({ cells, window })),
  );
  for (const { cells, window } of days) {
    const from = (window.from ?? 0) / 1000;
    const to = (window.to ?? Infinity) / 1000;
    const filters = matchers(cells, query);
    const columns = keys.map(key => keyColumn(cells, key));
    const known = new Map<number | string, number[] | null>();
    const placeOf = placesOf(columns);
    const end = firstFrom(cells.times, to);
    for (let cell = firstFrom(cells.times, from); cell < end; cell++) {
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
