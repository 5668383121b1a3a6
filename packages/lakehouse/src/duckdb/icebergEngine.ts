import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckdbExtension } from './extension';

const THREADS = '2';
const MEMORY_LIMIT = '1GB';

/**
 * An in-memory DuckDB that reads Iceberg tables.
 *
 * @throws Error when the Python environment, which brings the extensions, is missing
 */
export async function openIcebergEngine(): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: THREADS,
    memory_limit: MEMORY_LIMIT,
  });
  const connection = await instance.connect();
  try {
    const [{ version }] = (
      await connection.runAndReadAll('SELECT version() AS version')
    ).getRowObjectsJS() as [{ version: string }];
    // In this order: iceberg needs avro.
    await loadExtension(connection, 'avro', version);
    await loadExtension(connection, 'iceberg', version);
  } finally {
    connection.closeSync();
  }
  return instance;
}

async function loadExtension(
  connection: DuckDBConnection,
  name: string,
  version: string,
): Promise<void> {
  const path = duckdbExtension(name, version);
  // LOAD takes a literal only.
  await connection.run(`LOAD '${path.replaceAll("'", "''")}'`);
}
