import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  paymentOf,
  readRows,
  temporaryHomes,
} from '../eventlog/__fixtures__/homes';
import { EventLog } from '../eventlog/EventLog';
import { KEPT_BYTES } from '../message';
import { ingestStream } from './ingestStream';

const newHome = temporaryHomes();
let home: string;
let log: EventLog;

beforeEach(async () => {
  home = newHome();
  log = await EventLog.open(home);
});
afterEach(() => log.close());

const inChunks = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );
const messages = Array.from({ length: 200 }, () => paymentOf(randomUUID()));
const lines = Buffer.from(`${messages.join('\n')}\n`);
const array = Buffer.from(
  JSON.stringify(
    messages.map(m => ({ offset: 1, value: JSON.parse(m) })),
    null,
    2,
  ),
);

it.each<[string, Buffer, number]>([
  ['lines', lines, 1000],
  ['lines byte by byte', lines, 1],
  ['lines, gzip', gzipSync(lines), 1000],
  ['lines, gzip byte by byte', gzipSync(lines), 1],
  [
    'two gzip members',
    Buffer.concat([
      gzipSync(lines.subarray(0, 5000)),
      gzipSync(lines.subarray(5000)),
    ]),
    700,
  ],
  ['an array of wrapped messages', array, 1000],
  ['an array, gzip', gzipSync(array), 1000],
])('takes %s', async (_, bytes, size) => {
  expect(await ingestStream(inChunks(bytes, size), log, 'file')).toEqual({
    read: 200,
    accepted: 200,
    ignored: 0,
    rejected: 0,
    duplicate: 0,
    reasons: {},
  });
});

it('finds the same messages in every form', async () => {
  await ingestStream(inChunks(lines, 1000), log, 'file');
  const again = await ingestStream(inChunks(gzipSync(array), 99), log, 'file');
  expect(again).toMatchObject({ read: 200, duplicate: 200 });
});

it('takes nothing from nothing', async () => {
  expect(await ingestStream(Readable.from([]), log, 'file')).toMatchObject({
    read: 0,
  });
  expect(log.nextOffset).toBe(0);
});

it('keeps binary bytes whole, each line in one class', async () => {
  const binary = Buffer.from(
    Array.from({ length: 3000 }, (_, i) => Math.abs(Math.sin(i)) * 256),
  );
  const counts = await ingestStream(inChunks(binary, 100), log, 'file');
  expect(counts.read).toBe(counts.rejected);
  const rows = (await readRows(home)).filter(row => row.class === 'rejected');
  expect(rows.map(row => row.message).join('\n')).toBe(
    binary.toString('latin1'),
  );
});

it('unpacks once: gzip in gzip is no message that anybody knows', async () => {
  const counts = await ingestStream(
    inChunks(gzipSync(gzipSync(lines)), 1000),
    log,
    'file',
  );
  expect(counts.rejected).toBe(counts.read);
  expect(counts.read).toBeGreaterThan(0);
});

it('takes what is said to be plain as it is', async () => {
  const zipped = inChunks(gzipSync(lines), 1000);
  const counts = await ingestStream(zipped, log, 'file', {
    encoding: 'identity',
  });
  expect(counts).toMatchObject({ accepted: 0, rejected: counts.read });
});

it('refuses what is said to be gzip and is none, unless it is nothing', async () => {
  const gzip = { encoding: 'gzip' } as const;
  await expect(
    ingestStream(inChunks(lines, 1000), log, 'file', gzip),
  ).rejects.toMatchObject({ cause: { name: 'GzipError' } });
  expect(log.nextOffset).toBe(0);
  await ingestStream(Readable.from([]), log, 'file', gzip);
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['plain', bytes => bytes],
  ['gzip', bytes => gzipSync(bytes)],
])(
  'takes no more bytes than it may, counted as they come out: %s',
  async (_, pack) => {
    const maxBytes = lines.length;
    const fits = inChunks(pack(lines), 1000);
    expect(await ingestStream(fits, log, 'file', { maxBytes })).toMatchObject({
      accepted: 200,
    });
    const large = pack(Buffer.concat(Array(1000).fill(lines)));
    await expect(
      ingestStream(inChunks(large, 1000), log, 'file', { maxBytes }),
    ).rejects.toMatchObject({
      cause: { name: 'InputLimitError' },
      message: expect.stringContaining(`${maxBytes} bytes`),
    });
  },
);

it('does not go on with a gzip that was made to blow up', async () => {
  const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20, ' '));
  await expect(
    ingestStream(inChunks(bomb, 1000), log, 'file'),
  ).rejects.toMatchObject({
    cause: { name: 'InputLimitError' },
    message: expect.stringMatching(
      /^Nothing of the input is kept: .*250 times its size/,
    ),
  });
});

it('makes one message of a line that never ends', async () => {
  const line = Buffer.alloc(20 * 2 ** 20, 'x');
  const counts = await ingestStream(inChunks(line, 2 ** 20), log, 'file');
  expect(counts).toMatchObject({ read: 1, reasons: { too_large: 1 } });
  const [row] = await readRows(home);
  expect(row).toMatchObject({
    message: 'x'.repeat(KEPT_BYTES),
    raw_length: BigInt(line.length),
    raw_sha256: createHash('sha256').update(line).digest('hex'),
  });
});

it.each<[string, Buffer, number]>([
  ['many small lines', Buffer.from('{}\n'.repeat(100_000)), 100],
  ['many small elements', Buffer.from(`[${'{},'.repeat(100_000)}{}]`), 100],
  ['many events', Buffer.concat(Array(20).fill(lines)), 20],
  ['a line without an end', Buffer.alloc(20 * 2 ** 20, 'x'), 50],
  [
    'an element without an end',
    Buffer.from(`[{"${'x'.repeat(10 * 2 ** 20)}`),
    25,
  ],
])(
  'lets others have their turns while it takes %s',
  async (_, bytes, least) => {
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await ingestStream(Readable.from([bytes]), log, 'file');
    isDone = true;
    expect(turns).toBeGreaterThan(least);
  },
);

it('leaves out what the log has already', async () => {
  const counts = await ingestStream(inChunks(lines, 1000), log, 'file', {
    skip: 150,
  });
  expect(counts).toMatchObject({ read: 50, accepted: 50 });
});

it('says how far it is, and stores large input in several appends', async () => {
  const large = Buffer.from(
    Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(700_000, 'x')).join(
      '\n',
    ),
  );
  const seen: number[] = [];
  const counts = await ingestStream(inChunks(large, 1 << 16), log, 'file', {
    receivedAt: 1767970000123,
    onProgress: ({ read }) => seen.push(read),
  });
  expect(counts).toMatchObject({
    read: 20,
    rejected: 20,
    reasons: { not_json: 20 },
  });
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.at(-1)).toBe(20);
  const [row] = await readRows(home);
  expect(row).toMatchObject({ source: 'file', received_at: 1767970000123 });
});

it('keeps what came before the stream broke off, and says how much', async () => {
  const half = gzipSync(lines).subarray(0, -1500);
  const broken = ingestStream(inChunks(half, 100), log, 'file');
  await expect(broken).rejects.toMatchObject({
    name: 'IngestStreamError',
    message: expect.stringMatching(/unexpected end of file/),
    counts: { read: expect.any(Number) },
  });
  const { counts } = await broken.catch(error => error);
  const accepted = (await readRows(home)).filter(
    row => row.class === 'accepted',
  );
  expect(counts.accepted).toBe(accepted.length);
  expect(counts.accepted).toBeGreaterThan(0);
  const again = await ingestStream(inChunks(lines, 100), log, 'file');
  expect(again).toMatchObject({
    duplicate: counts.accepted,
    accepted: 200 - counts.accepted,
  });
});

it('passes on the error of a source that fails', async () => {
  async function* failing() {
    yield lines;
    throw new Error('connection lost');
  }
  await expect(ingestStream(failing(), log, 'file')).rejects.toMatchObject({
    message: expect.stringContaining('connection lost'),
    counts: { accepted: 200 },
  });
});

it('closes its input when the log refuses', async () => {
  await log.close();
  const large = Buffer.concat(Array(200).fill(lines));
  for (const bytes of [large, gzipSync(large, { level: 0 })]) {
    const input = inChunks(bytes, 1 << 16);
    await expect(ingestStream(input, log, 'file')).rejects.toMatchObject({
      message: expect.stringContaining('closed'),
      counts: { read: 0 },
    });
    expect(input.destroyed).toBe(true);
  }
});
