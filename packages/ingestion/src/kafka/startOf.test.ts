import { breakText, startOf } from './startOf';

const held = { low: 10n, high: 20n };

it.each([
  ['unknown to the log: where it is said', undefined, { offset: 15n }],
  ['known: where the log is', 12n, { offset: 12n }],
  ['read to its end: there', 20n, { offset: 20n }],
  [
    'of records that the broker removed: where it begins',
    9n,
    { offset: 10n, break: 'gone' },
  ],
  ['made again: where it begins', 21n, { offset: 10n, break: 'made again' }],
])('a partition is read on, %s', (_, kept, start) => {
  expect(startOf(kept, held, 15n)).toEqual(start);
});

it('a break says what was lost and what to do about it', () => {
  expect(breakText('raw/0', 4n, held, 'gone')).toMatch(
    /removed 6 offsets.*retention/,
  );
  expect(breakText('raw/0', 40n, held, 'made again')).toMatch(
    /ends at offset 20.*is at 40.*made again/,
  );
});
