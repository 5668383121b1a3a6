import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { PublicApiConfig } from './routes/publicRouter';
import type { Source } from './routes/sources';

const SHORTEST_TOKEN = 16;
/** Whom Backstage's guest provider signs everybody in as. */
const DEFAULT_GUEST = 'user:development/guest';
const SOURCE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export interface NaapBackendConfig {
  sources: Source[];
  loopIntervalSeconds: number;
  publicApi: PublicApiConfig;
  metricsEnabled: boolean;
}

/** Reads and checks the keys of this plugin; throws an error that names the key, the value and the mend. */
export function readNaapConfig(config: RootConfigService): NaapBackendConfig {
  const sources = (
    config.getOptionalConfigArray('naap.ingestion.sources') ?? []
  ).map((source, i) => ({
    key: `naap.ingestion.sources[${i}]`,
    name: source.getString('name'),
    token: source.getString('token'),
  }));
  sources.forEach(({ key, name, token }, i) => {
    if (!SOURCE_NAME.test(name)) {
      throw new InputError(
        `${key}.name is '${name}'; use lower-case letters, digits, - and _`,
      );
    }
    if (token.length < SHORTEST_TOKEN) {
      throw new InputError(
        `${key}.token has ${token.length} characters; use at least ${SHORTEST_TOKEN}, for example from 'openssl rand -hex 24'`,
      );
    }
    const before = sources.slice(0, i);
    if (before.some(s => s.name === name)) {
      throw new InputError(`${key}.name '${name}' is taken; names are unique`);
    }
    if (before.some(s => s.token === token)) {
      throw new InputError(
        `${key}.token is another source's; tokens are unique`,
      );
    }
  });

  const numberFrom = (
    key: string,
    absent: number,
    least: number,
    most: number,
  ) => {
    const value = config.getOptionalNumber(key) ?? absent;
    if (!(value >= least && value <= most)) {
      throw new InputError(
        `${key} is ${value}; use a number from ${least} to ${most}`,
      );
    }
    return value;
  };
  return {
    sources: sources.map(({ name, token }) => ({ name, token })),
    loopIntervalSeconds: numberFrom('naap.loop.intervalSeconds', 5, 1, 3600),
    publicApi: {
      enabled: config.getOptionalBoolean('naap.publicApi.enabled') ?? true,
      guest:
        config.getOptionalString('auth.providers.guest.userEntityRef') ??
        DEFAULT_GUEST,
      rateLimit: {
        windowSeconds: numberFrom(
          'naap.publicApi.rateLimit.windowSeconds',
          60,
          1,
          3600,
        ),
        max: numberFrom('naap.publicApi.rateLimit.max', 120, 1, 1e6),
      },
    },
    metricsEnabled: config.getOptionalBoolean('naap.metrics.enabled') ?? true,
  };
}
