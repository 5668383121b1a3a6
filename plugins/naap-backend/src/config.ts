import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { Source } from './routes/sources';

const SHORTEST_TOKEN = 16;
const SOURCE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export interface NaapBackendConfig {
  sources: Source[];
  loopIntervalSeconds: number;
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

  const loopIntervalSeconds =
    config.getOptionalNumber('naap.loop.intervalSeconds') ?? 5;
  if (!(loopIntervalSeconds >= 1 && loopIntervalSeconds <= 3600)) {
    throw new InputError(
      `naap.loop.intervalSeconds is ${loopIntervalSeconds}; use a number from 1 to 3600`,
    );
  }
  return {
    sources: sources.map(({ name, token }) => ({ name, token })),
    loopIntervalSeconds,
  };
}
