import { exactText, previewText, rawSize, rawText } from './rawText';

const base64 = (bytes: string | number[]) =>
  Buffer.from(bytes as string).toString('base64');

describe('a message of the quarantine as text', () => {
  it('is shown as it came in, and says its size in bytes', () => {
    expect(rawText(base64('{"a":"é"}\n\t<b>'))).toEqual({
      text: '{"a":"é"}\n\t<b>',
      size: 15,
      utf8: true,
    });
    expect(rawText('')).toEqual({ text: '', size: 0, utf8: true });
  });

  it('lets nothing hide or reorder text', () => {
    expect(rawText(base64('a\u202eb\u0000\u200bc\ufeff\u2028')).text).toBe(
      'a\\u{202e}b\\u{0}\\u{200b}c\\u{feff}\\u{2028}',
    );
  });

  it('says when the bytes are no text', () => {
    expect(rawText(base64([0x61, 0xff, 0x62]))).toEqual({
      text: 'a\ufffdb',
      size: 3,
      utf8: false,
    });
  });
});

describe('the beginning of a message', () => {
  it('is on one line, and cut', () => {
    expect(previewText(base64('  {\n  "a": 1\n}'), 80)).toBe('{ "a": 1 }');
    expect(previewText(base64('x'.repeat(500)), 80)).toBe('x'.repeat(80));
    expect(previewText('', 80)).toBe('');
  });

  it('ends before a character that is cut in two, and hides nothing', () => {
    const text = previewText(base64(`${'é'.repeat(300)}`), 80);
    expect(text).toBe('é'.repeat(80));
    expect(previewText(base64('a\u202eb'), 80)).toBe('a\\u{202e}b');
  });
});

it('the size of a message is known without decoding it', () => {
  ['', 'a', 'ab', 'abc', 'é'].forEach(text =>
    expect(rawSize(base64(text))).toBe(Buffer.byteLength(text)),
  );
});

it('what is copied is the message itself, and not how it is shown', () => {
  expect(exactText(base64('\ufeffa\u202eb'))).toBe('\ufeffa\u202eb');
  expect(exactText(base64([0xff]))).toBeNull();
});
