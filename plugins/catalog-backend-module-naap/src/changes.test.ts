import { Entity } from '@backstage/catalog-model';
import { changesTo, Known, withHashes } from './changes';

const thing = (name: string, title = name): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: { namespace: 'default', name, title },
});
const ref = (name: string) => `resource:default/${name}`;

/** What is known after the entities were told. */
function told(...entities: Entity[]): Known {
  const { added } = changesTo(new Map(), entities, 'remove');
  return new Map(added.map(change => [change.ref, change.hash]));
}
const names = ({ added }: ReturnType<typeof changesTo>) =>
  added.map(change => change.entity.metadata.title);

describe('changesTo', () => {
  const known = told(thing('same'), thing('other'), thing('gone'));
  const read = [thing('same'), thing('other', 'changed'), thing('new')];

  it('is what is new, what is different and what is gone', () => {
    const changes = changesTo(known, read, 'remove');
    expect(names(changes)).toEqual(['changed', 'new']);
    expect(changes.removed).toEqual([ref('gone')]);
  });

  it('removes nothing unless it may', () => {
    const changes = changesTo(known, read, 'change');
    expect(names(changes)).toEqual(['changed', 'new']);
    expect(changes.removed).toEqual([]);
  });

  it('changes nothing unless it may', () => {
    const changes = changesTo(known, read, 'add');
    expect(names(changes)).toEqual(['new']);
    expect(changes.removed).toEqual([]);
  });

  it('tells of an entity again when nobody knows what it was', () => {
    const changes = changesTo(new Map([[ref('same'), null]]), read, 'remove');
    expect(names(changes)).toEqual(['same', 'changed', 'new']);
  });

  it('keeps the first of two with one name', () => {
    const twice = [thing('a', 'first'), thing('a', 'second')];
    expect(names(changesTo(new Map(), twice, 'remove'))).toEqual(['first']);
  });
});

describe('withHashes', () => {
  it('knows what the catalog holds, and what was told of it', () => {
    const held: Known = new Map([
      [ref('same'), null],
      [ref('stranger'), null],
    ]);
    const hashes = told(thing('same'), thing('lost'));
    expect(withHashes(held, hashes)).toEqual(
      new Map([
        [ref('same'), hashes.get(ref('same'))],
        [ref('stranger'), null],
      ]),
    );
  });
});
