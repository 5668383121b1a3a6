/**
 * The serving module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { kpiStoreServiceFactory } from './kpiStore';
import { naapModuleServing } from './module';

export default createBackendFeatureLoader({
  loader: () => [naapModuleServing, kpiStoreServiceFactory],
});
