import { join, resolve } from 'node:path';

/** Root of the repository: NAAP_ROOT, which a bundle needs, else found from this file. */
export function repositoryRoot(): string {
  // eslint-disable-next-line no-restricted-syntax -- a bundle sets NAAP_ROOT
  return process.env.NAAP_ROOT ?? resolve(__dirname, '../../..');
}

/** The interpreter of the Python environment: NAAP_PYTHON, else what `./naap` installs into NAAP_TOOLS. */
export function pythonExecutable(): string {
  const tools = process.env.NAAP_TOOLS ?? join(repositoryRoot(), '.tools');
  return process.env.NAAP_PYTHON ?? join(tools, 'venv', 'bin', 'python');
}

/** PYTHONPATH of `naap_lake`. */
export function pythonPath(): string {
  return join(repositoryRoot(), 'packages', 'lakehouse', 'python');
}
