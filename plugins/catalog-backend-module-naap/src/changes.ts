import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { Slices } from '@naap/system';
import { createHash } from 'node:crypto';

/** What the catalog has, by ref: a hash of what was emitted; null: of an earlier start, so that nobody knows. */
export type Known = Map<string, string | null>;

export interface Changes {
  /** New ones, and those that are not what they were. */
  added: Array<{ ref: string; hash: string; entity: Entity }>;
  /** Refs. */
  removed: string[];
  /** How many new ones are more than the catalog takes. */
  leftOut: number;
}

/**
 * What changes the catalog from what it has to a read, found out in slices: strangers may name tens of thousands. Of two
 * entities with one name the first stays.
 *
 * @param trust - what the read may do to what is known: `add` nothing, `change` change it, `remove` also remove what it
 * does not name
 * @param most - of how many it may come to know, those that it knows included
 * @returns `leftOut` - how many new ones are over that
 */
export async function changesTo(
  known: Known,
  entities: Iterable<Entity>,
  trust: 'add' | 'change' | 'remove',
  most = Infinity,
): Promise<Changes> {
  const slices = new Slices();
  const read = new Set<string>();
  const added: Changes['added'] = [];
  let room = most - known.size;
  let leftOut = 0;
  for (const entity of entities) {
    if (slices.over()) await slices.rest();
    const ref = stringifyEntityRef(entity);
    if (read.has(ref)) continue;
    read.add(ref);
    if (known.has(ref) && trust === 'add') continue;
    if (!known.has(ref) && room-- <= 0) {
      leftOut++;
      continue;
    }
    const hash = createHash('sha256')
      .update(JSON.stringify(entity))
      .digest('base64');
    if (known.get(ref) !== hash) added.push({ ref, hash, entity });
  }
  return {
    added,
    removed:
      trust === 'remove' ? [...known.keys()].filter(r => !read.has(r)) : [],
    leftOut,
  };
}

/** What the catalog holds, with the hashes of what it was told. Pure. */
export function withHashes(held: Known, told: Known): Known {
  return new Map([...held.keys()].map(ref => [ref, told.get(ref) ?? null]));
}
