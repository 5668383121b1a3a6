import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { createHash } from 'node:crypto';

/** What the catalog has, by ref: a hash of what was emitted; null: of an earlier start, so that nobody knows. */
export type Known = Map<string, string | null>;

export interface Changes {
  /** New ones, and those that are not what they were. */
  added: Array<{ ref: string; hash: string; entity: Entity }>;
  /** Refs. */
  removed: string[];
}

/**
 * What changes the catalog from what it has to a read. Of two entities with one name the first stays. Pure.
 *
 * @param trust - what the read may do to what is known: `add` nothing, `change` change it, `remove` also remove what it
 * does not name
 */
export function changesTo(
  known: Known,
  entities: Entity[],
  trust: 'add' | 'change' | 'remove',
): Changes {
  const read = new Map<string, Changes['added'][number]>();
  for (const entity of entities) {
    const ref = stringifyEntityRef(entity);
    const hash = createHash('sha256')
      .update(JSON.stringify(entity))
      .digest('base64');
    if (!read.has(ref)) read.set(ref, { ref, hash, entity });
  }
  return {
    added: [...read.values()].filter(({ ref, hash }) =>
      trust === 'add' ? !known.has(ref) : known.get(ref) !== hash,
    ),
    removed:
      trust === 'remove' ? [...known.keys()].filter(r => !read.has(r)) : [],
  };
}

/** What the catalog holds, with the hashes of what it was told. Pure. */
export function withHashes(held: Known, told: Known): Known {
  return new Map([...held.keys()].map(ref => [ref, told.get(ref) ?? null]));
}
