import { duckdbExtension } from './extension';

describe('duckdbExtension', () => {
  it('finds the extension that fits the version of DuckDB', () => {
    expect(duckdbExtension('iceberg', 'v1.5.5')).toMatch(
      /^\/.*\/v1\.5\.5\/iceberg\.duckdb_extension$/,
    );
  });

  it('says what is missing and what to do', () => {
    expect(() => duckdbExtension('iceberg', 'v9.9.9')).toThrow(
      /No duckdb_extension_iceberg\/extensions\/v9\.9\.9 under .*does not fit DuckDB v9\.9\.9.*naap doctor/,
    );
  });
});
