import { Slices } from '@naap/system';
import { compareTexts } from '../dimensions';
import {
  Group,
  GroupQuery,
  keyOrder,
  MOST_DISTINCT,
  PARTS,
  Parts,
} from '../groups';
import { inOrder } from '../order';
import { Part } from '../page';
import { gather, Gathered, Span } from './gather';
import { Histograms } from './histograms';

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

/** What `KpiReader` says of groups, of the spans of the window; null when there are too many groups. */
export async function groupCells(
  spans: Span[],
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
  const gathered = await gather(spans, query, slices);
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
