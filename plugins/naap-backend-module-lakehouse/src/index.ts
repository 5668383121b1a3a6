/**
 * The lakehouse module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { naapModuleLakehouse } from './module';
import { lakeWorkerServiceFactory } from './worker';

export default createBackendFeatureLoader({
  loader: () => [naapModuleLakehouse, lakeWorkerServiceFactory],
});
