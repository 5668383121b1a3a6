import { isOverlong, nameOrNull, withoutTrailingSlashes } from './names';

describe('a name (kpis.md, section 1)', () => {
  it.each(['x', 'é', '😀', '\ud800', '/'])(
    'has at most 512 characters, here of %j',
    character => {
      const longest = character.repeat(512);
      expect(nameOrNull(longest)).toBe(longest);
      expect(nameOrNull(`${longest}${character}`)).toBeNull();
    },
  );

  it.each([undefined, null, '', 7, true, {}, ['x']])('is not %j', value => {
    expect(nameOrNull(value)).toBeNull();
  });

  it('is told without reading all of what is much longer', () => {
    expect(isOverlong('x'.repeat(2 ** 28))).toBe(true);
  });
});

it.each([
  ['https://a.example', 'https://a.example'],
  ['https://a.example/', 'https://a.example'],
  ['https://a.example/x///', 'https://a.example/x'],
  ['//', ''],
  ['', ''],
])('%j without the slashes at its end is %j', (text, expected) => {
  expect(withoutTrailingSlashes(text)).toBe(expected);
});
