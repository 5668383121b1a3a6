import { icebergInsert } from './icebergInsert';

const METADATA = 's3://bucket/lake/gold/kpi_hourly/metadata/7-a.metadata.json';

it('reads the table at the metadata that is named, and no secret is in it', () => {
  const { query, parameters } = icebergInsert('naap.t', ['day', 'n'], {
    metadata: METADATA,
  });
  expect(query.trim()).toBe(
    `INSERT INTO naap.t (day,n) SELECT day,n
FROM icebergS3(lake, filename = {filename:String}, SETTINGS iceberg_metadata_file_path = {path:String})`,
  );
  expect(parameters).toMatchObject({
    filename: 'lake/gold/kpi_hourly',
    path: 'metadata/7-a.metadata.json',
  });
});

it('takes the rows of some days that have to be, and tells which are sparse', () => {
  const { query, parameters } = icebergInsert('naap.t', ['day', 'sparse'], {
    metadata: METADATA,
    days: ['2026-01-07', '2026-01-08'],
    sparse: ['2026-01-07'],
    only: 'counts',
  });
  expect(query).toContain('SELECT day,day IN {sparse:Array(Date)} AS sparse');
  expect(query).toContain('WHERE day IN {days:Array(Date)} AND counts');
  expect(parameters).toMatchObject({
    days: ['2026-01-07', '2026-01-08'],
    sparse: ['2026-01-07'],
  });
});

it.each([
  'file:///lake/t/metadata/1.metadata.json',
  's3://bucket',
  's3://bucket/metadata/1.metadata.json',
  's3://bucket/t/data/1.parquet',
])('refuses %s', metadata => {
  expect(() => icebergInsert('naap.t', ['n'], { metadata })).toThrow(
    RangeError,
  );
});
