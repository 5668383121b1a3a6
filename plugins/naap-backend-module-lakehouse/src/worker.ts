import { createServiceFactory } from '@backstage/backend-plugin-api';
import { LakeWorker } from '@naap/lakehouse';
import { lakeWorkerServiceRef } from '@naap/plugin-naap-node';

/** The Python worker. It starts at the first call; the lakehouse module ends it. */
export const lakeWorkerServiceFactory = createServiceFactory({
  service: lakeWorkerServiceRef,
  deps: {},
  factory: () => new LakeWorker(),
});
