import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { distributedLayers } from './distributed';
import { openEmbedded } from './embedded';

/** What the layers work on, by profile. */
const PROFILES = {
  embedded: openEmbedded,
  distributed: () => distributedLayers,
};

/**
 * The engines that the configuration chooses (`naap.profile`), as services for the modules of the layers. Only here it is
 * asked which; an unknown profile stops the start.
 */
export const openPlatform = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  loader({ config }) {
    const profile = config.getString('naap.profile');
    if (Object.hasOwn(PROFILES, profile)) {
      return PROFILES[profile as keyof typeof PROFILES](config);
    }
    throw new InputError(
      `naap.profile is '${profile}'; use ${Object.keys(PROFILES).join(' or ')}`,
    );
  },
});
