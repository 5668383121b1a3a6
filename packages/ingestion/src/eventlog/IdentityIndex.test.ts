import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { temporaryHomes } from './__fixtures__/homes';
import { fingerprint, FINGERPRINT_INTS } from './fingerprint';
import { acceptedOf, IdentityIndex } from './IdentityIndex';
import { IdentityTable } from './IdentityTable';

const newHome = temporaryHomes();

function print(id: string, bytes = 'a message'): Int32Array {
  const entry = new Int32Array(FINGERPRINT_INTS);
  fingerprint(id, Buffer.from(bytes), entry);
  return entry;
}

describe('fingerprint', () => {
  it('holds the bits of a uuid and tells it from every other text', () => {
    const uuid = '59485235-8460-472f-a894-3b84f37ee9bb';
    expect([...print(uuid).slice(0, 4)]).toEqual(
      [0x59485235, 0x8460472f, 0xa8943b84, 0xf37ee9bb].map(n => n | 0),
    );
    for (const other of [
      uuid.toUpperCase(),
      `${uuid}0`,
      uuid.replace('-8', '8-'),
      uuid.replace('9bb', '9bg'),
      uuid.replace('9bb', '9b\u0262'),
    ]) {
      expect(print(other).slice(0, 4)).not.toEqual(print(uuid).slice(0, 4));
    }
  });

  it('changes with every byte of the message, and with its length', () => {
    const seen = new Set<string>();
    const message = Buffer.from('{"id":"a","data":[1,2,3]}');
    const add = (bytes: Buffer) =>
      seen.add(print('id', bytes.toString('latin1')).slice(4).join());
    for (let at = 0; at < message.length; at++) {
      const changed = Buffer.from(message);
      changed[at] ^= 1;
      add(changed);
      add(message.subarray(0, at));
      add(Buffer.concat([message, Buffer.alloc(at)]));
    }
    expect(seen.size).toBe(3 * message.length);
  });

  it('does not depend on where the bytes stand', () => {
    const bytes = Buffer.from('..{"id":"a"}').subarray(2);
    const entry = new Int32Array(FINGERPRINT_INTS);
    fingerprint('id', bytes, entry);
    expect(entry).toEqual(print('id', '{"id":"a"}'));
  });
});

describe('IdentityTable', () => {
  it('finds all that was added as it grows, and nothing else', () => {
    const table = new IdentityTable();
    const ids = Array.from({ length: 5000 }, () => randomUUID());
    for (const id of ids) table.add(print(id));
    for (const id of ids) {
      expect(table.find(print(id))).toBe('identical');
      expect(table.find(print(id, 'another copy'))).toBe('different');
      expect(table.find(print(randomUUID()))).toBe('unknown');
    }
  });

  it('keeps the first of two copies', () => {
    const table = new IdentityTable();
    table.add(print('a', 'first'));
    table.add(print('a', 'second'));
    expect(table.find(print('a', 'first'))).toBe('identical');
  });
});

describe('IdentityIndex', () => {
  const FIRST = acceptedOf(20000);
  const SECOND = acceptedOf(20001);

  it('knows what it was told, in memory or not, on disk or not', async () => {
    const directory = join(newHome(), 'index');
    const index = await IdentityIndex.open(directory);
    const find = async (from: IdentityIndex, name: string, id: string) =>
      (await from.table(name)).find(print(id));

    index.add(FIRST, print('a'));
    await index.checkpoint(10);
    index.add(FIRST, print('b'));
    index.add(SECOND, print('c'));
    for (const id of ['a', 'b']) {
      expect(await find(index, FIRST, id)).toBe('identical');
    }
    // Room for one: the other is read again when it is asked for.
    for (const name of [SECOND, FIRST, SECOND]) {
      await index.table(name);
      index.trim(0);
    }
    index.add(FIRST, print('d'));
    for (const id of ['a', 'b', 'd']) {
      expect(await find(index, FIRST, id)).toBe('identical');
    }
    expect(await find(index, SECOND, 'c')).toBe('identical');
    expect(await find(index, SECOND, 'a')).toBe('unknown');

    const before = await IdentityIndex.open(directory);
    expect(before.checkpointOffset).toBe(10);
    expect(await find(before, FIRST, 'a')).toBe('identical');
    expect(await find(before, FIRST, 'b')).toBe('unknown');

    await index.checkpoint(20);
    const after = await IdentityIndex.open(directory);
    expect(after.checkpointOffset).toBe(20);
    for (const id of ['a', 'b', 'd']) {
      expect(await find(after, FIRST, id)).toBe('identical');
    }
  });

  it('forgets what is taken out, and never without a checkpoint', async () => {
    const directory = join(newHome(), 'index');
    const index = await IdentityIndex.open(directory);
    const likenesses = async (from: IdentityIndex) => {
      const tables = [await from.table(FIRST), await from.table(SECOND)];
      return tables.flatMap(table =>
        ['a', 'b', 'c'].map(id => table.find(print(id))),
      );
    };
    const [KNOWN, UNKNOWN] = ['identical', 'unknown'];

    for (const id of ['a', 'b']) index.add(FIRST, print(id));
    index.add(SECOND, print('c'));
    await index.checkpoint(10);
    await index.remove(FIRST, [print('a'), print('b', 'other bytes')]);
    await index.remove(SECOND, [print('c')]);
    index.add(FIRST, print('c'));
    const now = [UNKNOWN, KNOWN, KNOWN, UNKNOWN, UNKNOWN, UNKNOWN];
    expect(await likenesses(index)).toEqual(now);

    // Killed before the checkpoint: as it was.
    expect(await likenesses(await IdentityIndex.open(directory))).toEqual([
      ...[KNOWN, KNOWN, UNKNOWN, UNKNOWN, UNKNOWN, KNOWN],
    ]);
    await index.checkpoint(10);
    expect(await likenesses(await IdentityIndex.open(directory))).toEqual(now);

    // It grows as any other.
    index.add(FIRST, print('a'));
    index.add(SECOND, print('a'));
    await index.checkpoint(20);
    expect(await likenesses(await IdentityIndex.open(directory))).toEqual([
      ...[KNOWN, KNOWN, KNOWN, KNOWN, UNKNOWN, UNKNOWN],
    ]);
  });
});
