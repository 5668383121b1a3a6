import { Entity } from '@backstage/catalog-model';
import { Changes, changesTo, Known, withHashes } from './changes';

const thing = (name: string, title = name): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: { namespace: 'default', name, title },
});
const ref = (name: string) => `resource:default/${name}`;

/** What is known after the entities were told. */
async function told(...entities: Entity[]): Promise<Known> {
  const { added } = await changesTo(new Map(), entities, 'remove');
  return new Map(added.map(change => [change.ref, change.hash]));
}
const names = ({ added }: Changes) =>
  added.map(change => change.entity.metadata.title);

describe('changesTo', () => {
  let known: Known;
  beforeAll(async () => {
    known = await told(thing('same'), thing('other'), thing('gone'));
  });
  const read = [thing('same'), thing('other', 'changed'), thing('new')];

  it('is what is new, what is different and what is gone', async () => {
    const changes = await changesTo(known, read, 'remove');
    expect(names(changes)).toEqual(['changed', 'new']);
    expect(changes.removed).toEqual([ref('gone')]);
  });

  it('removes nothing unless it may', async () => {
    const changes = await changesTo(known, read, 'change');
    expect(names(changes)).toEqual(['changed', 'new']);
    expect(changes.removed).toEqual([]);
  });

  it('changes nothing unless it may', async () => {
    const changes = await changesTo(known, read, 'add');
    expect(names(changes)).toEqual(['new']);
    expect(changes.removed).toEqual([]);
  });

  it('tells of an entity again when nobody knows what it was', async () => {
    const changes = await changesTo(
      new Map([[ref('same'), null]]),
      read,
      'remove',
    );
    expect(names(changes)).toEqual(['same', 'changed', 'new']);
  });

  it('keeps the first of two with one name', async () => {
    const twice = [thing('a', 'first'), thing('a', 'second')];
    const changes = await changesTo(new Map(), twice, 'remove');
    expect(names(changes)).toEqual(['first']);
  });

  it('takes no more than it may, and leaves alone what it has', async () => {
    const changes = await changesTo(known, read, 'change', 3);
    expect(names(changes)).toEqual(['changed']);
    expect(changes.leftOut).toBe(1);
    const more = await changesTo(known, read, 'change', 4);
    expect(names(more)).toEqual(['changed', 'new']);
    expect(more.leftOut).toBe(0);
  });
});

describe('withHashes', () => {
  it('knows what the catalog holds, and what was told of it', async () => {
    const held: Known = new Map([
      [ref('same'), null],
      [ref('stranger'), null],
    ]);
    const hashes = await told(thing('same'), thing('lost'));
    expect(withHashes(held, hashes)).toEqual(
      new Map([
        [ref('same'), hashes.get(ref('same'))],
        [ref('stranger'), null],
      ]),
    );
  });
});
