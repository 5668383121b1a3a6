import type { IcebergRows } from './contract';

/** The collection on the server that has the URL of the bucket of the lake, and its keys: they are in no statement. */
export const LAKE_COLLECTION = 'lake';

/** Where a table lies in its bucket, and its metadata there. */
function partsOf(location: string): [folder: string, path: string] {
  const begin = location.indexOf('/', 's3://'.length) + 1;
  const end = location.lastIndexOf('/metadata/');
  if (location.startsWith('s3://') && begin > 0 && end > begin) {
    return [location.slice(begin, end), location.slice(end + 1)];
  }
  throw new RangeError(
    `${JSON.stringify(location)} is no metadata of a table on S3`,
  );
}

/**
 * Adds rows of a table of the lake, read by ClickHouse from S3 at the metadata that is named: it would look for the newest
 * itself, past the catalog.
 *
 * @param table - where to, with its database
 * @throws RangeError for a location that is none of metadata on S3
 */
export function icebergInsert(
  table: string,
  columns: string[],
  { metadata, days, sparse = [], only }: IcebergRows,
): { query: string; parameters: Record<string, unknown> } {
  const [filename, path] = partsOf(metadata);
  const selected = columns.map(name =>
    name === 'sparse' ? 'day IN {sparse:Array(Date)} AS sparse' : name,
  );
  const conditions = [
    ...(days ? ['day IN {days:Array(Date)}'] : []),
    ...(only === undefined ? [] : [only]),
  ];
  return {
    query: `INSERT INTO ${table} (${columns.join()}) SELECT ${selected.join()}
FROM icebergS3(${LAKE_COLLECTION}, filename = {filename:String}, SETTINGS iceberg_metadata_file_path = {path:String})
${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}`,
    parameters: { filename, path, sparse, ...(days && { days }) },
  };
}
