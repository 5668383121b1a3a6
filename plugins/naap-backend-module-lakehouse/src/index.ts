/**
 * The lakehouse module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { lakeReaderServiceFactory } from './lakeReader';
import { naapModuleLakehouse } from './module';

export default createBackendFeatureLoader({
  loader: () => [naapModuleLakehouse, lakeReaderServiceFactory],
});
