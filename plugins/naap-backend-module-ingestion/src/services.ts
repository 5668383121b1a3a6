import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  eventBusServiceRef,
  ingestionServiceRef,
  storageServiceRef,
} from '@naap/plugin-naap-node';
import { httpBus } from './httpBus';

export const eventBusServiceFactory = createServiceFactory({
  service: eventBusServiceRef,
  deps: { ingestion: ingestionServiceRef },
  factory: ({ ingestion }) => httpBus(ingestion.bus),
});

export const storageServiceFactory = createServiceFactory({
  service: storageServiceRef,
  deps: { ingestion: ingestionServiceRef },
  factory:
    ({ ingestion }) =>
    () =>
      ingestion.storage(),
});
