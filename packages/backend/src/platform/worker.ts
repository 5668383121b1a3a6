import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { LakeWorker } from '@naap/lakehouse';

/** The Python worker that the layers share: one process, one call at a time. */
export const workerServiceRef = createServiceRef<LakeWorker>({
  id: 'naap.lake-worker',
  scope: 'plugin',
});

/** It starts at the first call, and ends with the lakehouse. */
export const workerServiceFactory = createServiceFactory({
  service: workerServiceRef,
  deps: {},
  factory: () => new LakeWorker(),
});
