import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  readClickHouseTarget,
  servingServiceRef,
} from '@naap/plugin-naap-node';
import { Serving } from '@naap/serving';

/** A ClickHouse server. */
export const servingServiceFactory = createServiceFactory({
  service: servingServiceRef,
  deps: { config: coreServices.rootConfig },
  factory: ({ config }) => Serving.open(readClickHouseTarget(config)),
});
