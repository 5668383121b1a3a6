import type { BronzeReader } from '../BronzeReader';
import { DuckDbBronzeReader } from '../duckdb/DuckDbBronzeReader';
import type { LakeCatalog } from '../LakeCatalog';
import { SqliteLakeCatalog } from '../sqlite/SqliteLakeCatalog';

/** What is read of the lake of a home. */
export interface Lake {
  catalog: LakeCatalog;
  reader: BronzeReader;
}

/** The lake of the embedded profile. Opens nothing before it is asked; the reader is to be closed. */
export function openLake(home: string): Lake {
  const catalog = new SqliteLakeCatalog(home);
  return { catalog, reader: new DuckDbBronzeReader(catalog) };
}
