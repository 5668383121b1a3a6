import { rawText } from './rawText';

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
