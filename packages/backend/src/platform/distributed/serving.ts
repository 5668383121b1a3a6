import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { servingServiceRef } from '@naap/plugin-naap-node';
import { Serving } from '@naap/serving';

/** A ClickHouse server: one user fills its tables, and another, who may only read, answers. */
export const servingServiceFactory = createServiceFactory({
  service: servingServiceRef,
  deps: { config: coreServices.rootConfig },
  factory({ config }) {
    const clickhouse = config.getConfig('naap.clickhouse');
    const userOf = (who: string) => ({
      username: clickhouse.getString(`${who}.username`),
      password: clickhouse.getString(`${who}.password`).trimEnd(),
    });
    return Serving.open({
      url: clickhouse.getString('url'),
      ...userOf('loader'),
      reader: userOf('reader'),
    });
  },
});
