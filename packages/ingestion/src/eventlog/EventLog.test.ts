import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GATE_VERSION, MAX_MESSAGE_BYTES } from '@naap/events';
import fc from 'fast-check';
import { KEPT_BYTES } from '../message';
import {
  bytesOf,
  paymentOf,
  readRows,
  temporaryHomes,
} from './__fixtures__/homes';
import { EventLog } from './EventLog';
import { listSegments } from './segmentFile';

const newHome = temporaryHomes();
const opened: EventLog[] = [];

async function openLog(home: string): Promise<EventLog> {
  const log = await EventLog.open(home);
  opened.push(log);
  return log;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map(log => log.close()));
});

/** What a crash would leave: the files of a log that is not closed. */
function crashedCopy(home: string): string {
  const copy = newHome();
  cpSync(join(home, 'log'), join(copy, 'log'), { recursive: true });
  return copy;
}

const DAY_MS = 86_400_000;

/** Messages of the largest size that is taken whole, each of other bytes. */
const unlike = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    Buffer.from(`${i} `.padEnd(MAX_MESSAGE_BYTES, 'x')),
  );

const countsOf = (rows: Array<{ class: string }>, rowClass: string) =>
  rows.filter(row => row.class === rowClass).length;

const POSITION = 'raw/3';
const NEXT = 2n ** 53n + 9n;

/** Messages of a partition of Kafka, one offset apart by two from 2^53 on. */
const recordsOf = (count: number) => ({
  topic: 'raw',
  partition: 3,
  offsets: Array.from(
    { length: count },
    (_, i) => 2n ** 53n + 1n + 2n * BigInt(i),
  ),
  nextOffset: NEXT,
});

describe('messages of Kafka', () => {
  const messages = bytesOf(
    paymentOf('a'),
    'no json',
    paymentOf('a'),
    paymentOf('b'),
  );

  it('are kept with their coordinates, in 64 bits; the row of the batch says where they begin and where it goes on', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(messages, 'kafka', { records: recordsOf(4) });
    await log.append(bytesOf(paymentOf('c')), 'file');
    const rows = await readRows(home);
    expect(
      rows.map(row => [
        row.class,
        row.source_topic,
        row.source_partition,
        row.source_offset,
        row.source_next_offset,
      ]),
    ).toEqual([
      ['accepted', 'raw', 3, 2n ** 53n + 1n, null],
      ['rejected', 'raw', 3, 2n ** 53n + 3n, null],
      // The third is a duplicate, which is only counted.
      ['accepted', 'raw', 3, 2n ** 53n + 7n, null],
      ['batch', 'raw', 3, 2n ** 53n + 1n, NEXT],
      ['accepted', null, null, null, null],
      ['batch', null, null, null, null],
    ]);
  });

  it('say how far the log is, after a crash, a close, and when the segments are gone', async () => {
    const home = newHome();
    const log = await openLog(home);
    expect(log.sourcePositions).toEqual(new Map());
    await log.append(messages, 'kafka', { records: recordsOf(4) });
    expect(log.sourcePositions).toEqual(new Map([[POSITION, NEXT]]));
    const crashed = await openLog(crashedCopy(home));
    expect(crashed.sourcePositions).toEqual(new Map([[POSITION, NEXT]]));
    await log.close();
    const copy = crashedCopy(home);
    rmSync(join(copy, 'log', '0.arrows'));
    const closed = await openLog(copy);
    expect(closed.sourcePositions).toEqual(new Map([[POSITION, NEXT]]));
  });

  it('of which a crash left a part are known as far as they are there', async () => {
    const home = newHome();
    const log = await openLog(home);
    const records = { ...recordsOf(7), nextOffset: 2n ** 60n };
    await log.append(unlike(7), 'kafka', { records });
    const copy = crashedCopy(home);
    const path = join(copy, 'log', '0.arrows');
    truncateSync(path, (await stat(path)).size - 1);
    const again = await openLog(copy);
    // The first record batch holds four of them.
    expect(again.sourcePositions).toEqual(new Map([[POSITION, NEXT]]));
    expect(log.sourcePositions).toEqual(new Map([[POSITION, 2n ** 60n]]));
  });
});

describe('append', () => {
  it('stores each class in its columns, with offsets of their own', async () => {
    const home = newHome();
    const log = await openLog(home);
    const payment = paymentOf('a', { gateway: 'gätewäy', data: '{"x":1}' });
    const binary = Buffer.from([0xff, 0x00, 0x7b, 0x0d]);
    const result = await log.append(
      [
        ...bytesOf(
          paymentOf('ab'),
          payment,
          paymentOf('x', { type: 'foreign' }),
        ),
        binary,
      ],
      'tester',
      { receivedAt: 1767970000123 },
    );
    expect(result).toEqual({
      read: 4,
      accepted: 2,
      ignored: 1,
      rejected: 1,
      duplicate: 0,
      reasons: { unsupported_type: 1, not_json: 1 },
      firstOffset: 0,
      nextOffset: 5,
    });
    const rows = await readRows(home);
    const empty = {
      reason: null,
      event_id: null,
      type: null,
      subtype: null,
      gateway: null,
      stream_id: null,
      request_id: null,
      event_time: null,
      envelope_time: null,
      data: null,
      envelope: null,
      data_at: null,
      raw_length: null,
      raw_sha256: null,
      counts: null,
      gate_version: GATE_VERSION,
      source: 'tester',
      received_at: 1767970000123,
      message: null,
      source_topic: null,
      source_partition: null,
      source_offset: null,
      source_next_offset: null,
    };
    const accepted = {
      ...empty,
      class: 'accepted',
      type: 'create_new_payment',
      event_time: Date.UTC(2026, 0, 9, 12),
      envelope_time: Date.UTC(2026, 0, 9, 12),
    };
    const cut = paymentOf('ab').indexOf('{"numTickets');
    expect(rows).toEqual([
      {
        ...accepted,
        offset: 0,
        event_id: 'ab',
        data: '{"numTickets":"1","requestID":""}',
        envelope: `${paymentOf('ab').slice(0, cut)}}`,
        data_at: cut,
        message: paymentOf('ab'),
      },
      {
        ...accepted,
        offset: 1,
        event_id: 'a',
        gateway: 'gätewäy',
        data: '{"x":1}',
        envelope: payment,
        message: payment,
      },
      {
        ...empty,
        offset: 2,
        class: 'ignored',
        reason: 'unsupported_type',
        message: paymentOf('x', { type: 'foreign' }),
        raw_length: BigInt(paymentOf('x', { type: 'foreign' }).length),
      },
      {
        ...empty,
        offset: 3,
        class: 'rejected',
        reason: 'not_json',
        message: binary.toString('latin1'),
        raw_length: 4n,
      },
      {
        ...empty,
        offset: 4,
        class: 'batch',
        counts: JSON.stringify({
          read: 4,
          accepted: 2,
          ignored: 1,
          rejected: 1,
          duplicate: 0,
          reasons: { unsupported_type: 1, not_json: 1 },
        }),
      },
    ]);
  });

  it('keeps texts apart whose halves of a character would match', async () => {
    const home = newHome();
    const log = await openLog(home);
    const halves = ['a\ud83d', '\ude00b', 'c'];
    const messages = halves.map((gateway, id) => paymentOf(id, { gateway }));
    await log.append(bytesOf(...messages), 'ä source');
    const rows = (await readRows(home)).slice(0, 3);
    expect(rows.map(row => row.gateway)).toEqual(['a\ufffd', '\ufffdb', 'c']);
    expect(rows.map(row => row.source)).toEqual(Array(3).fill('ä source'));
    expect(rows.map(row => row.message)).toEqual(messages);
  });

  it('goes on with consecutive offsets after a new start', async () => {
    const home = newHome();
    const first = await openLog(home);
    await first.append(bytesOf(paymentOf(1), paymentOf(2)), 'a');
    await first.close();
    const second = await openLog(home);
    expect(second.nextOffset).toBe(3);
    expect(await second.append([], 'a')).toMatchObject({
      read: 0,
      nextOffset: 3,
    });
    const result = await second.append(bytesOf(paymentOf(3)), 'b');
    expect(result).toMatchObject({ firstOffset: 3, nextOffset: 5 });
    const rows = await readRows(home);
    expect(rows.map(row => row.offset)).toEqual([0, 1, 2, 3, 4]);
    expect(await listSegments(join(home, 'log'))).toHaveLength(1);
  });

  it('keeps appends that come at the same time apart and in order', async () => {
    const home = newHome();
    const log = await openLog(home);
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        log.append(bytesOf(paymentOf(`a${i}`), paymentOf('shared')), `s${i}`),
      ),
    );
    let next = 0;
    for (const { firstOffset, nextOffset } of results) {
      expect(firstOffset).toBe(next);
      next = nextOffset;
    }
    const rows = await readRows(home);
    expect(rows.map(row => row.offset)).toEqual([...Array(next).keys()]);
    expect(countsOf(rows, 'accepted')).toBe(41);
    expect(results.reduce((sum, r) => sum + r.duplicate, 0)).toBe(39);
    expect(
      rows.filter(row => row.class === 'batch').map(row => row.source),
    ).toEqual(results.map((_, i) => `s${i}`));
  });

  it('is one batch of any size when it has to be whole', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(unlike(9), 'a', { whole: true });
    const rows = await readRows(home);
    expect(countsOf(rows, 'rejected')).toBe(9);
    expect(countsOf(rows, 'batch')).toBe(1);
  });

  it('stores messages in batches of about 4 MiB', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(unlike(7), 'a');
    const rows = await readRows(home);
    expect(rows.map(row => row.class).join(' ')).toBe(
      'rejected rejected rejected rejected batch rejected rejected rejected batch',
    );
  });

  it('keeps the beginning of a message that is too large, its length and its hash', async () => {
    const home = newHome();
    const log = await openLog(home);
    const large = Buffer.alloc(MAX_MESSAGE_BYTES + 1, 'x');
    const sha256 = createHash('sha256').update(large).digest('hex');
    const cut = {
      head: Buffer.from('yyy'),
      length: 2 ** 33,
      sha256: 'ab'.repeat(32),
    };
    expect(await log.append([large, cut], 'a')).toMatchObject({
      rejected: 2,
      reasons: { too_large: 2 },
    });
    const rows = await readRows(home);
    expect(rows.slice(0, 2)).toMatchObject([
      {
        message: 'x'.repeat(KEPT_BYTES),
        raw_length: BigInt(large.length),
        raw_sha256: sha256,
      },
      { message: 'yyy', raw_length: 2n ** 33n, raw_sha256: cut.sha256 },
    ]);
  });

  it('is refused once the log is closed', async () => {
    const log = await openLog(newHome());
    const before = log.append(bytesOf(paymentOf(1)), 'a');
    await log.close();
    await expect(before).resolves.toMatchObject({ accepted: 1 });
    await expect(log.append(bytesOf(paymentOf(2)), 'a')).rejects.toMatchObject({
      code: 'CLOSED',
    });
  });
});

describe('duplicates', () => {
  it('that are identical are counted and not stored, however they come', async () => {
    const home = newHome();
    const log = await openLog(home);
    const message = paymentOf('a');
    const wrapped = `{"value": ${message} }`;
    const asText = JSON.stringify({ value: message });
    const once = await log.append(bytesOf(message, wrapped, message), 'a');
    expect(once).toMatchObject({ read: 3, accepted: 1, duplicate: 2 });
    const again = await log.append(bytesOf(asText, message), 'b');
    expect(again).toMatchObject({ read: 2, accepted: 0, duplicate: 2 });
    expect((await readRows(home)).map(row => row.class)).toEqual([
      'accepted',
      'batch',
      'batch',
    ]);
  });

  it('that differ are stored too, so that silver can choose', async () => {
    const home = newHome();
    const log = await openLog(home);
    const other = paymentOf('a', { gateway: 'other' });
    await log.append(bytesOf(paymentOf('a'), other), 'a');
    await log.append(bytesOf(other), 'a');
    const rows = await readRows(home);
    const copies = rows.filter(row => row.class === 'duplicate');
    expect(copies.map(row => row.message)).toEqual([other]);
    expect(copies[0]).toMatchObject({ event_id: 'a', gateway: 'other' });
  });

  it('are messages, too, whose bytes were ignored or rejected on the same day or the day before', async () => {
    const home = newHome();
    const foreign = paymentOf('x', { type: 'foreign' });
    const large = Buffer.alloc(2 * MAX_MESSAGE_BYTES, 'x');
    const messages = [...bytesOf('no json', foreign), large];
    const today = Date.now();
    const append = async (days: number, appended = messages) => {
      const log = await openLog(home);
      const result = await log.append(appended, 'a', {
        receivedAt: today + days * DAY_MS,
      });
      await log.close();
      return result;
    };
    expect(await append(-1)).toMatchObject({ ignored: 1, rejected: 2 });
    const again = await append(0, [...messages, ...messages]);
    expect(again).toMatchObject({ read: 6, duplicate: 6, reasons: {} });
    expect(await append(1)).toMatchObject({ ignored: 1, rejected: 2 });
    expect(await append(2)).toMatchObject({ read: 3, duplicate: 3 });
    // The end is another: so is the message.
    large[large.length - 1] = 0x79;
    expect(await append(2, [large])).toMatchObject({ rejected: 1 });
    expect(countsOf(await readRows(home), 'rejected')).toBe(5);
  });

  it('take no room for messages that nobody asks for any more', async () => {
    const home = newHome();
    const log = await openLog(home);
    const index = join(home, 'log', 'index');
    const day = (days: number) =>
      new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
    for (const days of [-2, -1, 0]) {
      await log.append(bytesOf('no json', `${days}`), 'a', {
        receivedAt: Date.now() + days * DAY_MS,
      });
    }
    await log.close();
    expect(readdirSync(index).sort()).toEqual([
      `${day(-1)}.quarantined.ids`,
      `${day(0)}.quarantined.ids`,
      'checkpoint.json',
    ]);
  });

  it('are of the same id on the same UTC day of the envelope', async () => {
    const log = await openLog(newHome());
    const at = (time: number) => paymentOf('a', { timestamp: time });
    const midnight = Date.UTC(2026, 0, 9);
    const result = await log.append(
      bytesOf(at(midnight - 1), at(midnight), at(midnight + 86_399_999)),
      'a',
    );
    expect(result).toMatchObject({ accepted: 2, duplicate: 1 });
  });

  it('tell ids apart by every character', async () => {
    const log = await openLog(newHome());
    const uuid = '59485235-8460-472f-a894-3b84f37ee9bb';
    const ids = [
      uuid,
      uuid.toUpperCase(),
      uuid.replace(/-/g, ''),
      ` ${uuid}`,
      'a'.repeat(10_000),
      7,
      '8',
    ];
    const messages = ids.map(id => paymentOf(id));
    expect(await log.append(bytesOf(...messages), 'a')).toMatchObject({
      accepted: ids.length,
    });
    expect(await log.append(bytesOf(paymentOf('7')), 'a')).toMatchObject({
      duplicate: 1,
    });
  });

  it('without an id are those of equal content', async () => {
    const log = await openLog(newHome());
    const message = paymentOf(undefined);
    const reordered = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(message)).reverse()),
    );
    const result = await log.append(bytesOf(message, reordered), 'a');
    expect(result).toMatchObject({ accepted: 1, duplicate: 1 });
  });

  it('are the same in whatever appends and starts the messages come', async () => {
    const message = fc
      .tuple(
        fc.nat(5),
        fc.constantFrom('', 'x', 'y'),
        fc.constantFrom(0, 86_400_000),
      )
      .map(([id, gateway, later]) =>
        paymentOf(id, { gateway, timestamp: Date.UTC(2026, 0, 9) + later }),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(message, fc.constant('x')), { maxLength: 30 }),
        fc.array(fc.nat(30), { maxLength: 4 }),
        async (messages, cuts) => {
          const home = newHome();
          const ends = [...cuts, messages.length].sort((a, b) => a - b);
          let start = 0;
          for (const end of ends) {
            const log = await EventLog.open(home);
            await log.append(bytesOf(...messages.slice(start, end)), 'a');
            await log.close();
            start = Math.max(start, end);
          }
          const rows = await readRows(home);
          const key = (text: string) => {
            const { id, timestamp } = JSON.parse(text);
            return `${id} ${timestamp}`;
          };
          const valid = messages.filter(text => text !== 'x');
          const firsts = new Map<string, string>();
          for (const text of valid) {
            if (!firsts.has(key(text))) firsts.set(key(text), text);
          }
          const stored = (rowClass: string) =>
            rows.filter(row => row.class === rowClass).map(row => row.message);
          expect(stored('accepted')).toEqual([...firsts.values()]);
          const copies = valid.filter(text => firsts.get(key(text)) !== text);
          expect(stored('duplicate')).toEqual([...new Set(copies)]);
          expect(stored('rejected')).toHaveLength(
            messages.length > valid.length ? 1 : 0,
          );
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('after a crash', () => {
  it('at any byte of the last batch, what is whole stays and the rest is cut off', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(bytesOf(paymentOf(1), paymentOf(2)), 'a');
    const [{ path }] = await listSegments(join(home, 'log'));
    const whole = (await stat(path)).size;
    await log.append(bytesOf(paymentOf(3), 'x'), 'a');
    const end = (await stat(path)).size;
    const before = await readRows(home);
    for (let size = whole; size < end; size += 37) {
      const copy = crashedCopy(home);
      truncateSync(join(copy, 'log', '0.arrows'), size);
      const mended = await openLog(copy);
      expect(mended.nextOffset).toBe(3);
      expect(
        await mended.append(bytesOf(paymentOf(3), paymentOf(2)), 'a'),
      ).toMatchObject({
        accepted: 1,
        duplicate: 1,
        firstOffset: 3,
      });
      expect((await readRows(copy)).slice(0, 3)).toEqual(before.slice(0, 3));
      await mended.close();
    }
  });

  it('at any byte of the first batch, the log is empty', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(bytesOf(paymentOf(1)), 'a');
    const { size } = await stat(join(home, 'log', '0.arrows'));
    for (let length = 0; length < size; length += 101) {
      const copy = crashedCopy(home);
      truncateSync(join(copy, 'log', '0.arrows'), length);
      const mended = await openLog(copy);
      expect(mended.nextOffset).toBe(0);
      expect(await mended.append(bytesOf(paymentOf(1)), 'a')).toMatchObject({
        accepted: 1,
      });
      await mended.close();
    }
  });

  it('a batch that is there in length only is cut off', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(bytesOf(paymentOf(1)), 'a');
    await log.append(bytesOf(paymentOf(2)), 'a');
    const copy = crashedCopy(home);
    const path = join(copy, 'log', '0.arrows');
    const bytes = await readFile(path);
    bytes.fill(0, bytes.length - 600);
    writeFileSync(path, bytes);
    expect((await openLog(copy)).nextOffset).toBe(2);
  });

  it('knows the duplicates of what no checkpoint holds', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(bytesOf(paymentOf(1)), 'a');
    await log.close();
    const again = await openLog(home);
    const wrapped = JSON.stringify({ value: paymentOf(2) });
    await again.append(
      bytesOf(
        wrapped,
        paymentOf('é'),
        paymentOf(3, { data: '[]' }),
        paymentOf(3, { data: '[ ]' }),
        'no json',
      ),
      'a',
    );
    await again.append([Buffer.alloc(2 * MAX_MESSAGE_BYTES, 'x')], 'a');
    const copy = await openLog(crashedCopy(home));
    const result = await copy.append(
      [
        ...bytesOf(
          paymentOf(1),
          paymentOf(2),
          paymentOf('é'),
          paymentOf(3, { data: '[]' }),
          paymentOf(3, { data: '[ ]' }),
          'no json',
        ),
        Buffer.alloc(2 * MAX_MESSAGE_BYTES, 'x'),
      ],
      'a',
    );
    expect(result).toMatchObject({
      duplicate: 7,
      nextOffset: again.nextOffset + 1,
    });
  });

  it('in a checkpoint, the index goes back to the one before', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(bytesOf(paymentOf(1)), 'a');
    await log.close();
    const index = join(home, 'log', 'index');
    const file = join(index, '2026-01-09.ids');
    writeFileSync(file, Buffer.alloc(31, 1), { flag: 'a' });
    writeFileSync(join(index, '2026-01-10.ids'), Buffer.alloc(24, 1));
    const mended = await openLog(home);
    expect((await stat(file)).size).toBe(24);
    expect(existsSync(join(index, '2026-01-10.ids'))).toBe(false);
    expect(
      await mended.append(bytesOf(paymentOf(1), paymentOf(2)), 'a'),
    ).toMatchObject({
      accepted: 1,
      duplicate: 1,
    });
  });
});

describe('segments', () => {
  const filler = unlike(66);

  it('are ended at about 64 MiB and removed when they are done with', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append(bytesOf(paymentOf(1)), 'a');
    await log.append(filler, 'a');
    const { firstOffset } = await log.append(bytesOf(paymentOf(2)), 'a');
    expect(log.segmentFiles.map(segment => segment.firstOffset)).toEqual([
      0,
      firstOffset,
    ]);

    await log.removeSegmentsBefore(firstOffset - 1);
    expect(log.segmentFiles).toHaveLength(2);
    const crashed = crashedCopy(home);
    await log.removeSegmentsBefore(firstOffset);
    await log.removeSegmentsBefore(Number.MAX_SAFE_INTEGER);
    expect(readdirSync(join(home, 'log')).sort()).toEqual([
      `${firstOffset}.arrows`,
      'index',
    ]);
    const removed = crashedCopy(home);

    for (const copy of [crashed, removed]) {
      const again = await openLog(copy);
      expect(again.nextOffset).toBe(log.nextOffset);
      expect(
        await again.append(bytesOf(paymentOf(1), paymentOf(2)), 'a'),
      ).toMatchObject({
        duplicate: 2,
      });
    }
  });

  it.each(['uncut', 'unversioned'])(
    'of the columns of before are read, and get no more rows: %s',
    async name => {
      const home = newHome();
      mkdirSync(join(home, 'log'));
      // An accepted event, a copy that differs, one rejected and one ignored message.
      const old = join(__dirname, '__fixtures__', `${name}.arrows`);
      for (const torn of ['', 'torn']) {
        const path = join(home, 'log', '0.arrows');
        cpSync(old, path);
        writeFileSync(path, torn, { flag: 'a' });
        const before = await readFile(old);
        const log = await openLog(home);
        expect(log.nextOffset).toBe(5);
        const result = await log.append(
          bytesOf(
            paymentOf('a'),
            paymentOf('a', { gateway: 'other' }),
            'not json',
            paymentOf('c'),
          ),
          'a',
          { receivedAt: Date.UTC(2026, 0, 10) },
        );
        expect(result).toMatchObject({ accepted: 1, duplicate: 3 });
        expect(await readFile(path)).toEqual(before);
        expect(log.segmentFiles.map(({ firstOffset }) => firstOffset)).toEqual([
          0, 5,
        ]);
        await log.close();
        rmSync(join(home, 'log'), { recursive: true });
        mkdirSync(join(home, 'log'));
      }
    },
  );

  it('may all be gone: the index says where to go on', async () => {
    const home = newHome();
    const log = await openLog(home);
    await log.append([...bytesOf(paymentOf(1)), ...filler], 'a');
    const next = log.nextOffset;
    await log.close();
    const copy = crashedCopy(home);
    truncateSync(join(copy, 'log', '0.arrows'), 0);
    const again = await openLog(copy);
    expect(again.nextOffset).toBe(next);
    expect(await again.append(bytesOf(paymentOf(1)), 'a')).toMatchObject({
      duplicate: 1,
      firstOffset: next,
    });
  });
});

describe('open', () => {
  it('refuses a log that another one has, and names the holder', async () => {
    const home = newHome();
    const log = await openLog(home);
    await expect(EventLog.open(home)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    const waiting = EventLog.open(home, { waitMs: 10_000 });
    await log.close();
    await (await waiting).close();
  });

  it('says what is wrong with a home that is no directory', async () => {
    const home = join(newHome(), 'file');
    writeFileSync(home, '');
    await expect(EventLog.open(home)).rejects.toMatchObject({
      code: 'NO_ACCESS',
      message: expect.stringContaining('NAAP_HOME must be a directory'),
    });
  });

  it('touches no segment that it did not write', async () => {
    const home = newHome();
    await (await openLog(home)).close();
    const path = join(home, 'log', '0.arrows');
    writeFileSync(path, 'precious');
    await expect(EventLog.open(home)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(path),
    });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  it.each(['2026-01-09.ids', 'checkpoint.json'])(
    'says how to mend an index whose %s is damaged',
    async name => {
      const home = newHome();
      const log = await openLog(home);
      await log.append(bytesOf(paymentOf(1)), 'a');
      await log.close();
      truncateSync(join(home, 'log', 'index', name), 5);
      await expect(EventLog.open(home)).rejects.toMatchObject({
        code: 'CORRUPT',
        message: expect.stringContaining('rebuild it from the segments'),
      });
    },
  );
});
