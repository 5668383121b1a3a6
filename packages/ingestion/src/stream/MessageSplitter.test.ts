import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Message } from '../message';
import { Format, MessageSplitter } from './MessageSplitter';

/** All messages of `input`, given in pieces that end at `cuts`. */
function split(
  input: Buffer,
  cuts: number[] = [],
  options: { format?: Format; maxHeld?: number } = {},
) {
  const splitter = new MessageSplitter(options.format, options.maxHeld);
  const ends = [...cuts, input.length].sort((a, b) => a - b);
  const messages: Message[] = [];
  let start = 0;
  for (const end of ends) {
    messages.push(...splitter.push(input.subarray(start, end)));
    start = end;
  }
  return [...messages, ...splitter.end()];
}

/** What comes out of a message that is too long. */
function cutOf(message: string, kept: number): Message {
  const sha256 = createHash('sha256').update(message).digest('hex');
  const head = Buffer.from(message.slice(0, kept));
  return { head, length: message.length, sha256 };
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
    ['an object after something else', 'x{}{}\n', ['x{}{}']],
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
    fc.property(
      input,
      fc.array(fc.nat(200)),
      fc.constantFrom(undefined, 1, 7, 20),
      fc.constantFrom<Format | undefined>(undefined, 'lines', 'array'),
      (bytes, cuts, maxHeld, format) => {
        const options = { format, maxHeld };
        const whole = split(bytes, [], options);
        const valid = cuts.map(cut => Math.min(cut, bytes.length));
        expect(split(bytes, valid, options)).toEqual(whole);
        expect(split(bytes, [...bytes.keys()], options)).toEqual(whole);
      },
    ),
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
      expect(
        split(input).map(line => (line as Buffer).toString('latin1')),
      ).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

describe('a message that is too long', () => {
  const long = 'x'.repeat(25);
  it.each<[string, string, Array<string | Message>]>([
    [
      'is one, however long',
      `${'x'.repeat(2500)}\nyy\n`,
      [cutOf('x'.repeat(2500), 10), 'yy'],
    ],
    ['without an end', `yy\n${long}`, ['yy', cutOf(long, 10)]],
    ['does not have the end of its line', `${long}\r\n`, [cutOf(long, 10)]],
    ['has another \\r', `${long}\r\rx\r`, [cutOf(`${long}\r\rx\r`, 10)]],
    ['is none when it is blank', `${' '.repeat(25)}\n{}\n`, ['{}']],
    [
      'keeps blanks of a line',
      `${' '.repeat(25)}x\n`,
      [cutOf(`${' '.repeat(25)}x`, 10)],
    ],
    [
      'as an element, without the blanks before it',
      `[{}, ${' '.repeat(25)}"${long}"  ,\n5]`,
      ['{}', cutOf(`"${long}"  `, 10), '5'],
    ],
    [
      'is one that is as long as it may be',
      `${'x'.repeat(10)}\n`,
      ['x'.repeat(10)],
    ],
  ])('%s', (_, text, expected) => {
    const messages = expected.map(message =>
      typeof message === 'string' ? Buffer.from(message) : message,
    );
    const input = Buffer.from(text);
    for (const cuts of [[], [3, 14, 30], [...input.keys()]]) {
      const valid = cuts.map(cut => Math.min(cut, input.length));
      expect(split(input, valid, { maxHeld: 10 })).toEqual(messages);
    }
  });
});

describe('input of a known format', () => {
  const known = (format: Format, text: string) =>
    split(Buffer.from(text), [], { format }).map(String);

  it('is lines, whatever it begins with', () => {
    expect(known('lines', '[{"a":1},\n[]\n')).toEqual(['[{"a":1},', '[]']);
  });

  it('is elements, whatever it begins with', () => {
    const elements = ['5', '{"b":\n1}', '[2,3]'];
    expect(known('array', elements.join(','))).toEqual(elements);
    expect(known('array', '{"a":1},{"b":')).toEqual(['{"a":1}', '{"b":']);
  });
});

describe('JSON values over any number of lines', () => {
  const one = '{\n  "id": "a",\n  "data": {\n    "n": [1,\n 2]\n  }\n}';
  const two = one.replace('"a"', '"b}{"');
  const whole = '{"id":"c"}';
  const torn = '{"id":"d","data":{"x":';
  it.each<[string, string, string[]]>([
    ['one object', one, [one]],
    ['one after another', `${one}\n${two}\n`, [one, two]],
    ['without a newline', `${one}${two} ${whole}`, [one, two, whole]],
    ['on one line', `${whole}${whole}\t${whole}\n`, [whole, whole, whole]],
    ['among lines', `${whole}\n${one}\n${whole}\n`, [whole, one, whole]],
    ['over \\r\\n', one.replaceAll('\n', '\r\n'), [one]],
    ['that begin with an object', '{"a":{}\n}\n', ['{"a":{}\n}']],
    ['arrays of them', `[${one},${two}]\n[${whole}]`, [one, two, whole]],
    [
      'a torn line costs its neighbours nothing',
      `${whole}\n${torn}\n${whole}\n${whole}\n`,
      [whole, torn, whole, whole],
    ],
    ['nor does a torn last one', `${one}\n${torn}`, [one, torn]],
    [
      'nor one that is torn in a text',
      `${whole}\n{"id":"to\n${one}\n`,
      [whole, '{"id":"to', one],
    ],
    [
      'nor one whose next object could be its own',
      `{"id":"d","data":\n${whole}\n${whole}`,
      ['{"id":"d","data":', whole, whole],
    ],
    [
      'nor one before an object over lines',
      `{"id":"d","data":\n${one}\n${two}`,
      ['{"id":"d","data":', one, two],
    ],
    [
      'what balances and is no JSON is lines',
      '{"a":\n[1 2]\n}\n',
      ['{"a":', '[1 2]', '}'],
    ],
    ['nor are values with something between', '{},{}\n', ['{},{}']],
    [
      'a line with a date in brackets',
      '[2026-01-01] {}\n',
      ['[2026-01-01] {}'],
    ],
  ])('%s', (_, input, expected) => {
    const bytes = Buffer.from(input);
    expect(split(bytes).map(String)).toEqual(expected);
    expect(split(bytes, [...bytes.keys()]).map(String)).toEqual(expected);
  });

  it('are as many as there were, however they are written and parted', () => {
    const value = fc
      .tuple(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
        fc.constantFrom(undefined, 1, '\t'),
        fc.constantFrom('\n', '\r\n', '', ' ', '\n\n'),
      )
      .map(([object, indent, end]) => ({
        object,
        text: JSON.stringify(object, null, indent) + end,
      }));
    fc.assert(
      fc.property(fc.array(value), values => {
        const input = values.map(({ text }) => text).join('');
        expect(texts(input).map(text => JSON.parse(text))).toEqual(
          values.map(({ object }) => JSON.parse(JSON.stringify(object))),
        );
      }),
    );
  });

  it('lose nothing of what is no JSON', () => {
    const line = fc.constantFrom(
      ...['{', '}', '[', ']', '"', '{"a":', '{"a":[', '1', '{}', ',', '"b":2}'],
    );
    fc.assert(
      fc.property(fc.array(fc.array(line)), lines => {
        const input = lines.map(parts => `x ${parts.join('')}`.slice(2));
        const found = texts(`\n\n1\n${input.join('\n')}`);
        expect(found.join('').replace(/\s/g, '')).toBe(`1${input.join('')}`);
      }),
    );
  });

  it('that never end are lines, at once', () => {
    const lines = Array(100_000).fill('[');
    expect(texts(`{}\n${lines.join('\n')}`)).toEqual(['{}', ...lines]);
  });

  it('are as long as a message that is held, at most', () => {
    const input = Buffer.from('{"a":\n1}\n{"a":\n12}\n');
    const found = split(input, [], { maxHeld: 8 }).map(String);
    expect(found).toEqual(['{"a":\n1}', '{"a":', '12}']);
  });
});
