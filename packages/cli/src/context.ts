import { closeHome } from '@naap/system';
import { isAbsolute, resolve } from 'node:path';
import { UsageError } from './errors';
import { type Profile, toProfile } from './platform/openPlatform';
import { removeStaleRecord } from './platform/portal/portalRecord';

/** What every command knows: where the code and the state are, and what the platform is made of. */
export interface Context {
  root: string;
  home: string;
  profile: Profile;
}

export interface GlobalOptions {
  profile: string;
}

/**
 * @throws UsageError when a variable is missing or the profile is not one of ours
 */
export async function createContext(options: GlobalOptions): Promise<Context> {
  const profile = toProfile(options.profile);
  const root = process.env.NAAP_ROOT;
  if (!root) {
    throw new UsageError('start this through ./naap, which sets NAAP_ROOT');
  }
  const configured = process.env.NAAP_HOME || '.naap';
  const home = isAbsolute(configured) ? configured : resolve(root, configured);
  await closeHome(home);
  if (await removeStaleRecord(home)) {
    process.stderr.write(
      `run/portal.json in ${home} was stale, left by a start that was killed: removed\n`,
    );
  }
  return { root, home, profile };
}
