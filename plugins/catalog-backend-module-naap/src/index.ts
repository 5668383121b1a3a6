/**
 * The `naap` module of the catalog backend plugin.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { naapCatalogModel } from './model';
import { catalogModuleNaap } from './module';

export default createBackendFeatureLoader({
  loader: () => [catalogModuleNaap, naapCatalogModel],
});
