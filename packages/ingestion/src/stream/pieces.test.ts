import fc from 'fast-check';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { MessageSplitter } from './MessageSplitter';
import { Piece, piecesOf } from './pieces';

function split(splitter: MessageSplitter, bytes: Buffer): string[] {
  return [...splitter.push(bytes), ...splitter.end()].map(message =>
    (message as Buffer).toString('latin1'),
  );
}

async function all(input: Buffer[], bytes: number): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of piecesOf(Readable.from(input), { bytes })) {
    pieces.push(piece);
  }
  return pieces;
}

it('give the messages of the input, each once and byte for byte', async () => {
  const token = fc.constantFrom(
    ...['\n', '\r', '\r\n', ' ', '[', ']', '{', '}', ',', '"', '\\', '\ufeff'],
    ...['{"a":1}', '{\n"a":1}', '[{}]', '\x1f\x8b', 'x', '5'],
  );
  const text = fc
    .tuple(
      fc.constantFrom('', '[{}', '[{},', '\ufeff[{"a":\n1},'),
      fc.array(token, { maxLength: 40 }),
    )
    .map(([head, rest]) => head + rest.join(''));
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 30 }),
      async (t, bytes) => {
        const input = Buffer.from(t, 'latin1');
        fc.pre(input[0] !== 0x1f);
        const pieces = await all([input], bytes);
        const messages = pieces.flatMap(({ body, format, messages: count }) => {
          const found = split(new MessageSplitter(format), body);
          expect(found).toHaveLength(count);
          return found;
        });
        expect(messages).toEqual(split(new MessageSplitter(), input));
      },
    ),
    { numRuns: 500 },
  );
});

it('are of about the size that they should have, out of gzip too', async () => {
  const lines = Buffer.from('{"a":1}\n'.repeat(1000));
  for (const input of [lines, gzipSync(lines)]) {
    const pieces = await all([input], 800);
    expect(pieces.map(({ body }) => body.length)).toEqual(Array(10).fill(800));
  }
});

it('do not wait for an input that pauses', async () => {
  const more = Promise.withResolvers<void>();
  async function* pausing() {
    yield Buffer.from('{"a":1}\n{"b"');
    await more.promise;
    yield Buffer.from(':2}\n');
  }
  const pieces = piecesOf(pausing(), { ms: 10 });
  const first = await pieces.next();
  expect(`${first.value.body}`).toBe('{"a":1}\n');
  more.resolve();
  const second = await pieces.next();
  expect(`${second.value.body}`).toBe('{"b":2}\n');
  expect((await pieces.next()).done).toBe(true);
});

it('pass on what reading throws, after what came before it', async () => {
  async function* failing() {
    yield Buffer.from(`${'{"a":1}\n'.repeat(8)}{"b"`);
    throw new Error('no disk');
  }
  const pieces = piecesOf(failing(), { bytes: 40 });
  expect((await pieces.next()).value.messages).toBe(5);
  expect((await pieces.next()).value.messages).toBe(3);
  await expect(pieces.next()).rejects.toThrow('no disk');
});
