import fc from 'fast-check';
import { MessageSplitter } from './MessageSplitter';

/** All messages of `input`, given in pieces that end at `cuts`. */
function split(input: Buffer, cuts: number[] = [], maxPiece?: number) {
  const splitter = new MessageSplitter(maxPiece);
  const ends = [...cuts, input.length].sort((a, b) => a - b);
  const messages: Buffer[] = [];
  let start = 0;
  for (const end of ends) {
    messages.push(...splitter.push(input.subarray(start, end)));
    start = end;
  }
  return [...messages, ...splitter.end()];
}

const texts = (input: string) => split(Buffer.from(input)).map(String);

describe('lines', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['ends with \\n or not', '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
    ['ends with \\r\\n', '{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
    ['keeps another \\r', 'a\rb\r', ['a\rb\r']],
    [
      'blank lines are no messages',
      '\n \t\n\r\n{"a":1}\n\n  \r\n',
      ['{"a":1}'],
    ],
    ['keeps blanks of a message', ' {"a":1} \n', [' {"a":1} ']],
    ['a byte order mark is no message', '\ufeff{"a":1}\n', ['{"a":1}']],
    ['only the first one', '1\n\ufeff2\n', ['1', '\ufeff2']],
    ['a bracket before something else', '[1,2]\n[3]', ['[1,2]', '[3]']],
    ['a bracket alone', '[', ['[']],
  ])('%s', (_, input, expected) => {
    expect(texts(input)).toEqual(expected);
  });
});

describe('one JSON array', () => {
  it.each<[string, string, string[]]>([
    [
      'elements without their blanks',
      ' [ {"a":1} ,\n\t{"b":[2,{"c":3}]}\n]\n',
      ['{"a":1}', '{"b":[2,{"c":3}]}'],
    ],
    ['an empty one', '[]', []],
    ['elements that are no objects', '[{}, 5,"x,]"]', ['{}', '5', '"x,]"']],
    [
      'brackets, commas and quotes in texts',
      '[{"a":"]},{\\"\\\\"},{"b":"["}]',
      ['{"a":"]},{\\"\\\\"}', '{"b":"["}'],
    ],
    ['a byte order mark', '\ufeff[{}]', ['{}']],
    [
      'half of one: the last element is kept',
      '[{"a":1},{"b":',
      ['{"a":1}', '{"b":'],
    ],
    [
      'what follows it is lines',
      '[{"a":1}]\n{"b":2}\n',
      ['{"a":1}', '{"b":2}'],
    ],
  ])('%s', (_, input, expected) => {
    expect(texts(input)).toEqual(expected);
  });
});

it('cuts the same wherever the chunks end, byte for byte', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      '\r\n',
      ' ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      '\\',
      'é',
      '\ufeff',
    ),
    fc.jsonValue({ maxDepth: 2 }).map(value => JSON.stringify(value)),
  );
  const input = fc
    .tuple(
      fc.constantFrom('', '[{', ' [ ]', '\ufeff', '\ufeff[{"a":1},'),
      fc.array(piece),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(piece),
    )
    .map(([head, before, bytes, after]) =>
      Buffer.concat([
        Buffer.from(head + before.join('')),
        bytes,
        Buffer.from(after.join('')),
      ]),
    );
  fc.assert(
    fc.property(input, fc.array(fc.nat(200)), (bytes, cuts) => {
      const whole = split(bytes);
      const valid = cuts.map(cut => Math.min(cut, bytes.length));
      expect(split(bytes, valid)).toEqual(whole);
      expect(split(bytes, [...bytes.keys()])).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

it('gives every line back when joined again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      const lines = Buffer.from(bytes).toString('latin1').split('\n');
      const expected = lines
        .map((line, i) =>
          i < lines.length - 1 ? line.replace(/\r$/, '') : line,
        )
        .filter(line => /[^ \t\r\n]/.test(line));
      const input = Buffer.from(bytes);
      fc.pre(!/^\s*\[\s*[{\]]|^\xef\xbb\xbf/.test(input.toString('latin1')));
      expect(split(input).map(line => line.toString('latin1'))).toEqual(
        expected,
      );
    }),
    { numRuns: 200 },
  );
});

it('cuts a message that has no end into pieces', () => {
  const input = Buffer.from(`${'x'.repeat(25)}\nyy\n${'z'.repeat(20)}\n`);
  const expected = [
    'x'.repeat(10),
    'x'.repeat(10),
    'xxxxx',
    'yy',
    'z'.repeat(10),
    'z'.repeat(10),
  ];
  expect(split(input, [], 10).map(String)).toEqual(expected);
  expect(split(input, [3, 14, 30], 10).map(String)).toEqual(expected);
});
