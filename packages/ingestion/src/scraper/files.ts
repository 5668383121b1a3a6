import { readFile } from 'node:fs/promises';
import { fields } from './answers/bounded';
import type { Resolve } from './guard/resolve';
import type { Target } from './Target';
import { parseTargets } from './targets';

/** @throws TargetFileError; errors of the file system */
export async function readTargetsFile(path: string): Promise<Target[]> {
  return parseTargets(await readFile(path, 'utf8'));
}

/**
 * Names and addresses of a JSON file, `{"orch.example": "127.0.0.9"}`, read anew
 * each time; no other name has an address.
 */
export function resolveFromFile(path: string): Resolve {
  return async name => {
    const address = fields(JSON.parse(await readFile(path, 'utf8')))[name];
    return typeof address === 'string' ? [address] : [];
  };
}
