import {
  cutMiddle,
  formatCountOf,
  formatDuration,
  formatInterval,
  formatMid,
  formatValue,
  shortAddress,
} from './format';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('mid values of buckets', () => {
  it.each([
    [null, 'ms', '–'],
    [669.3, 'ms', '670 ms'],
    [2655, 'ms', '2.7 s'],
    [999, 'ms', '1.0 s'],
    [23_621, 'ms', '24 s'],
    [17.63, 'fps', '18 fps'],
    [0.2419, 'ratio', '0.24'],
    [0.0003, 'ratio', '< 0.001'],
  ] as const)('%p in %s is %s', (value, unit, text) => {
    expect(plain(formatMid(value, unit))).toBe(text);
  });
});

describe('numbers (portal.md: precision by size, null is "–", zero is "0")', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [0.4, '0 ms'],
    [819, '819 ms'],
    [999.7, '1.00 s'],
    [2655, '2.66 s'],
    [23621.25, '23.6 s'],
    [59_949, '59.9 s'],
    [60_000, '1.0 min'],
    [12 * 60_000, '12 min'],
    [3.2 * 3_600_000, '3.2 h'],
    [5 * 86_400_000, '5 days'],
  ])('duration %p is %s', (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.00042, '0.042 %'],
    [0.0042, '0.42 %'],
    [0.024, '2.4 %'],
    [0.2, '20.0 %'],
    [1, '100 %'],
  ])('fraction %p is %s', (fraction, text) => {
    expect(plain(formatValue(fraction, 'fraction'))).toBe(text);
  });

  it.each([
    [0.1163188197513049, '0.116'],
    [0, '0'],
    [0.00001, '< 0.001'],
    [1.84, '1.84'],
  ])('ratio %p is %s', (ratio, text) => {
    expect(formatValue(ratio, 'ratio')).toBe(text);
  });

  it('shows frames per second with one digit, and a stall as 0', () => {
    expect(plain(formatValue(15.999951534393748, 'fps'))).toBe('16.0 fps');
    expect(plain(formatValue(0, 'fps'))).toBe('0 fps');
  });

  it('writes the unit of an interval once', () => {
    expect(plain(formatInterval({ low: 0.016, high: 0.035 }, 'fraction'))).toBe(
      '1.6 – 3.5 %',
    );
  });

  it('separates thousands and counts one by its singular', () => {
    expect(formatCountOf(1204, 'requests')).toBe('1,204 requests');
    expect(formatCountOf(1, 'requests')).toBe('1 request');
    expect(formatCountOf(0, 'samples')).toBe('0 samples');
  });
});

describe('long texts', () => {
  it('are cut in the middle to the length asked for', () => {
    expect(cutMiddle('streamdiffusion-sdxl-faceid', 11)).toBe('strea…aceid');
    expect(cutMiddle('short', 11)).toBe('short');
  });

  it('do not lose half of a character', () => {
    expect(cutMiddle('😀😀😀😀😀😀', 3)).toBe('😀…😀');
  });

  it('addresses keep head and tail', () => {
    expect(shortAddress('0x0074780feff1fd0277fad6ccdb5a29908df6051f')).toBe(
      '0x0074…051f',
    );
  });
});
