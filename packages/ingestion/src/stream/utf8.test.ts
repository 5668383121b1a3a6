import fc from 'fast-check';
import { utf8 } from './utf8';

const utf16 = {
  le: (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  be: (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

async function read(input: Buffer, size = input.length || 1): Promise<Buffer> {
  async function* chunks() {
    for (let at = 0; at < input.length; at += size) {
      yield input.subarray(at, at + size);
    }
  }
  const found: Buffer[] = [];
  for await (const chunk of utf8(chunks())) found.push(chunk);
  return Buffer.concat(found);
}

it.each(['le', 'be'] as const)('reads UTF-16 %s by its mark', async order => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 1, max: 9 }),
      async (text, size) => {
        expect(`${await read(utf16[order](text), size)}`).toBe(text);
      },
    ),
  );
});

it('leaves everything else as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 20 }), async bytes => {
      const input = Buffer.from(bytes);
      fc.pre(!/^(\xff\xfe|\xfe\xff)/.test(input.toString('latin1')));
      expect(await read(input, 1)).toEqual(input);
    }),
  );
});

it('gives U+FFFD for half of a pair and for half of a unit', async () => {
  expect(`${await read(utf16.le('a\ud800b'))}`).toBe('a\ufffdb');
  expect(`${await read(utf16.le('ab').subarray(0, -1))}`).toBe('a\ufffd');
});
