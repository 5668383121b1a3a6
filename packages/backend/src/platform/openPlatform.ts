import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { readNaapHome } from '@naap/plugin-naap-node';
import { acquire, FileLocks } from '@naap/system';
import { join } from 'node:path';
import { distributedLayers } from './distributed';
import { embeddedLayers } from './embedded';

/** What the layers work on, by profile. */
const PROFILES = { embedded: embeddedLayers, distributed: distributedLayers };

/** Another process on the home may be on its way out. */
const WAIT_MS = 10_000;

/**
 * The engines that the configuration chooses (`naap.profile`), as services for the modules of the layers. Only here it is
 * asked which; an unknown profile stops the start, and a home that another process has. It is held as long as this one
 * lives: who starts the next one waits for it.
 */
export const openPlatform = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  async loader({ config }) {
    const profile = config.getString('naap.profile');
    if (!Object.hasOwn(PROFILES, profile)) {
      throw new InputError(
        `naap.profile is '${profile}'; use ${Object.keys(PROFILES).join(
          ' or ',
        )}`,
      );
    }
    const home = readNaapHome(config);
    await acquire(new FileLocks(join(home, 'run')), 'portal', {
      what: `The portal of ${home}`,
      waitMs: WAIT_MS,
    });
    return PROFILES[profile as keyof typeof PROFILES];
  },
});
