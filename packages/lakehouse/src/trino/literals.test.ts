import { statementOf, type TrinoValue } from './literals';

it('leaves a statement without parameters as it is', () => {
  expect(statementOf("SELECT 'it''s'", [])).toBe("SELECT 'it''s'");
});

it('keeps the statement apart from what stands for its parameters', () => {
  expect(statementOf("SELECT ? WHERE x = 'a'", ["'); DROP TABLE t --"])).toBe(
    "EXECUTE IMMEDIATE 'SELECT ? WHERE x = ''a''' USING '''); DROP TABLE t --'",
  );
});

it.each<[TrinoValue, string]>([
  [null, 'NULL'],
  ['', "''"],
  ['a\\\'b"\n?', "'a\\''b\"\n?'"],
  [true, 'true'],
  [false, 'false'],
  [-7, '-7'],
  [2 ** 53 - 1, '9007199254740991'],
  [1.5, "DOUBLE '1.5'"],
  [1e300, "DOUBLE '1e+300'"],
  [NaN, "DOUBLE 'NaN'"],
  [-Infinity, "DOUBLE '-Infinity'"],
  [-(2n ** 63n), "BIGINT '-9223372036854775808'"],
  [
    new Date('2026-01-09T10:00:00.002Z'),
    "TIMESTAMP '2026-01-09 10:00:00.002 UTC'",
  ],
  [Uint8Array.of(0, 255), "X'00ff'"],
])('writes %p as a literal of its type', (value, literal) => {
  expect(statementOf('?', [value])).toBe(
    `EXECUTE IMMEDIATE '?' USING ${literal}`,
  );
});

it('refuses a time that is none', () => {
  expect(() => statementOf('?', [new Date('noon')])).toThrow(RangeError);
});
