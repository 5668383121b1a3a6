import { findPlaces, type Places } from './places';
import { type Profile, toProfile } from './platform/openPlatform';
import { removeStaleRecord } from './platform/portal/portalRecord';

/** What every command knows: where the code and the state are, and what the platform is made of. */
export interface Context extends Places {
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
  const places = await findPlaces();
  if (await removeStaleRecord(places.home)) {
    process.stderr.write(
      `run/portal.json in ${places.home} was stale, left by a start that was killed: removed\n`,
    );
  }
  return { ...places, profile };
}
