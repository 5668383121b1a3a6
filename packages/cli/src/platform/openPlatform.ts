import { UsageError } from '../errors';
import { EmbeddedPlatform } from './embedded/EmbeddedPlatform';
import type { Platform } from './Platform';
import { PortalPlatform } from './portal/PortalPlatform';
import { findPortal } from './portal/RunningPortal';

/** What a profile is in this process, on a home. */
const IN_PROCESS = {
  embedded: (home: string): Platform => new EmbeddedPlatform(home),
};

export type Profile = keyof typeof IN_PROCESS;

export const DEFAULT_PROFILE: Profile = 'embedded';

/** @throws UsageError when the profile is not one of ours */
export function toProfile(text: string): Profile {
  if (Object.hasOwn(IN_PROCESS, text)) return text as Profile;
  throw new UsageError(
    text === 'distributed'
      ? 'the distributed profile is not part of this version yet; use --profile embedded'
      : `no profile "${text}": use embedded`,
  );
}

/**
 * The platform on a home: through the portal that has it now, or in this
 * process. Only here it is asked which. Portals come and go: whoever works for
 * long opens it for each piece of work.
 */
export async function openPlatform(
  home: string,
  profile: Profile,
): Promise<Platform> {
  const portal = await findPortal(home);
  return portal ? new PortalPlatform(portal) : IN_PROCESS[profile](home);
}
