import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { UsageError } from './errors';
import type { Input } from './platform/Platform';

/**
 * Files, and standard input for `-`. Nothing is read before every file is known to be there.
 *
 * @throws UsageError
 */
export async function openInputs(files: string[]): Promise<Input[]> {
  if (files.filter(file => file === '-').length > 1) {
    throw new UsageError('standard input (-) can be read only once');
  }
  return Promise.all(files.map(openInput));
}

async function openInput(name: string): Promise<Input> {
  if (name === '-') {
    return {
      name: 'standard input',
      open: signal => addAbortSignal(signal, process.stdin),
    };
  }
  try {
    await access(name, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'ENOENT' ? `no file ${name}` : `can't read ${name} (${code})`,
    );
  }
  if ((await stat(name)).isDirectory()) {
    throw new UsageError(`${name} is a folder: name its files`);
  }
  return {
    name,
    open: signal => createReadStream(name, { highWaterMark: 1 << 20, signal }),
  };
}
