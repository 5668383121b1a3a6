import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { servingServiceRef } from '@naap/plugin-naap-node';
import { Serving } from '@naap/serving';

/** A ClickHouse server. */
export const servingServiceFactory = createServiceFactory({
  service: servingServiceRef,
  deps: { config: coreServices.rootConfig },
  factory({ config }) {
    const clickhouse = config.getConfig('naap.clickhouse');
    const who = clickhouse.getConfig('loader');
    return Serving.open({
      url: clickhouse.getString('url'),
      username: who.getString('username'),
      password: who.getString('password').trimEnd(),
    });
  },
});
