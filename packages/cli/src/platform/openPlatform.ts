import type { Context } from '../context';
import { UsageError } from '../errors';
import { readDistributedConfig } from './distributed/distributedConfig';
import { DistributedPlatform } from './distributed/DistributedPlatform';
import { EmbeddedPlatform } from './embedded/EmbeddedPlatform';
import type { Platform } from './Platform';
import { PortalPlatform } from './portal/PortalPlatform';
import { findPortal } from './portal/RunningPortal';

type Places = Pick<Context, 'root' | 'home'>;

/** What a profile is for a command. */
const PROFILES = {
  /** Through the portal that has the home now, or in this process. */
  embedded: async ({ home }: Places): Promise<Platform> => {
    const portal = await findPortal(home);
    return portal ? new PortalPlatform(portal) : new EmbeddedPlatform(home);
  },
  distributed: async ({ root }: Places): Promise<Platform> =>
    new DistributedPlatform(await readDistributedConfig(root, process.env)),
};

export type Profile = keyof typeof PROFILES;

export const DEFAULT_PROFILE: Profile = 'embedded';

/** @throws UsageError when the profile is not one of ours */
export function toProfile(text: string): Profile {
  if (Object.hasOwn(PROFILES, text)) return text as Profile;
  throw new UsageError(
    `no profile "${text}": use ${Object.keys(PROFILES).join(' or ')}`,
  );
}

/**
 * The platform of a profile. Only here it is asked which. Portals come and go:
 * whoever works for long opens it for each piece of work.
 */
export function openPlatform({ profile, ...places }: Context) {
  return PROFILES[profile](places);
}
