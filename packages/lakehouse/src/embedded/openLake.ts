import { DuckDbBronzeReader } from '../duckdb/DuckDbBronzeReader';
import type { Lake } from '../Lake';
import { SqliteLakeCatalog } from '../sqlite/SqliteLakeCatalog';

/** The lake of the embedded profile. Opens nothing before it is asked; the reader is to be closed. */
export function openLake(home: string): Lake {
  const catalog = new SqliteLakeCatalog(home);
  return { catalog, reader: new DuckDbBronzeReader(catalog) };
}
