import type { Context } from '../context';
import { UsageError } from '../errors';
import type { Places } from '../places';
import { readDistributedConfig } from './distributed/distributedConfig';
import { DistributedPlatform } from './distributed/DistributedPlatform';
import { DistributedRunner } from './distributed/DistributedRunner';
import { EmbeddedPlatform } from './embedded/EmbeddedPlatform';
import { EmbeddedRunner } from './embedded/EmbeddedRunner';
import type { Platform } from './Platform';
import { PortalPlatform } from './portal/PortalPlatform';
import { findPortal, RunningPortal } from './portal/RunningPortal';
import type { Runner } from './Runner';

/** What a profile is for a command, and who runs it. */
interface ProfileParts {
  open(places: Places): Promise<Platform>;
  runner(places: Places): Runner;
}

const PROFILES = {
  embedded: {
    /** Through the portal that has the home now, or in this process. */
    async open({ home }) {
      const portal = await findPortal(home);
      return portal ? new PortalPlatform(portal) : new EmbeddedPlatform(home);
    },
    runner: places => new EmbeddedRunner(places),
  },
  distributed: {
    async open({ root }) {
      const config = await readDistributedConfig(root, process.env);
      const portal = new RunningPortal(config.portal);
      return new DistributedPlatform(config, new PortalPlatform(portal));
    },
    runner: places => new DistributedRunner(places),
  },
} satisfies Record<string, ProfileParts>;

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
  return PROFILES[profile].open(places);
}

export function runnerOf({ profile, ...places }: Context): Runner {
  return PROFILES[profile].runner(places);
}
