import { closeHome } from '@naap/system';
import { isAbsolute, resolve } from 'node:path';
import { UsageError } from './errors';

/** Where the code and the state are. */
export interface Places {
  root: string;
  home: string;
}

/**
 * As the environment says. The home is nobody else's to read.
 *
 * @throws UsageError when a variable is missing
 */
export async function findPlaces(): Promise<Places> {
  const root = process.env.NAAP_ROOT;
  if (!root) {
    throw new UsageError('start this through ./naap, which sets NAAP_ROOT');
  }
  const configured = process.env.NAAP_HOME || '.naap';
  const home = isAbsolute(configured) ? configured : resolve(root, configured);
  await closeHome(home);
  return { root, home };
}
