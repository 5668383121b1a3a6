import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pythonExecutable } from '../python';

/**
 * Absolute path of a DuckDB extension in the Python environment, which ships them as wheels: nothing is downloaded.
 *
 * @param version - of DuckDB, as `v1.5.5`; an extension fits one version only
 * @throws Error that says what is missing
 */
export function duckdbExtension(name: string, version: string): string {
  const lib = join(dirname(dirname(pythonExecutable())), 'lib');
  const extension = `duckdb_extension_${name}/extensions/${version}`;
  try {
    for (const python of readdirSync(lib)) {
      const folder = join(lib, python, 'site-packages', extension);
      const file = `${name}.duckdb_extension`;
      if (readdirSync(folder).includes(file)) return join(folder, file);
    }
  } catch {
    // Said below.
  }
  throw new Error(
    `No ${extension} under ${lib}: the Python environment is missing or does not fit DuckDB ${version}. Run ./naap doctor, or set NAAP_PYTHON to the interpreter of a virtual environment with packages/lakehouse/python/requirements.lock.`,
  );
}
