import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { homePaths } from '@naap/lakehouse';
import { readNaapHome, servingServiceRef } from '@naap/plugin-naap-node';
import { Serving } from '@naap/serving';

/** ClickHouse in this process. */
export const servingServiceFactory = createServiceFactory({
  service: servingServiceRef,
  deps: { config: coreServices.rootConfig },
  factory: ({ config }) =>
    Serving.open({ path: homePaths(readNaapHome(config)).clickhouse }),
});
