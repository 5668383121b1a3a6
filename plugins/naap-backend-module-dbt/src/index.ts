/**
 * The dbt module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import {
  goldBuildServiceFactory,
  goldSourceServiceFactory,
} from './goldSource';
import { naapModuleDbt } from './module';

export default createBackendFeatureLoader({
  loader: () => [
    naapModuleDbt,
    goldBuildServiceFactory,
    goldSourceServiceFactory,
  ],
});
