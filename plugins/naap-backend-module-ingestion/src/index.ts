/**
 * The ingestion module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { naapModuleIngestion } from './module';
import { eventBusServiceFactory, storageServiceFactory } from './services';

export default createBackendFeatureLoader({
  loader: () => [
    naapModuleIngestion,
    eventBusServiceFactory,
    storageServiceFactory,
  ],
});
