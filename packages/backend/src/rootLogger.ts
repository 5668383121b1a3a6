import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import type { JsonValue } from '@backstage/types';
import { LossyOutput } from '@naap/system';
import { OutputTransport } from './OutputTransport';

const SECRET_KEY = /token|secret|password|credential|privatekey|apikey/i;

/** Every text at or below a key that sounds like a secret. */
export function secretsOf(
  config: JsonValue | undefined,
  secret: boolean = false,
): string[] {
  if (typeof config === 'string') return secret ? [config] : [];
  if (typeof config !== 'object' || config === null) return [];
  return Object.entries(config).flatMap(([key, value]) =>
    secretsOf(value, secret || SECRET_KEY.test(key)),
  );
}

/** `naap up` reads the output through a pipe and says whether it ends in a terminal. */
const isForEyes = () => process.stdout.isTTY || process.env.FORCE_COLOR === '1';

/**
 * The logger of Backstage, but what it redacts is found by the names of keys. Its own way, by the schemas of all
 * installed packages, is two fifths of the start.
 */
export const rootLoggerServiceFactory = createServiceFactory({
  service: coreServices.rootLogger,
  deps: { config: coreServices.rootConfig },
  async factory({ config }) {
    const logger = WinstonLogger.create({
      meta: { service: 'naap' },
      level: process.env.LOG_LEVEL ?? 'info',
      format: isForEyes() ? WinstonLogger.colorFormat() : undefined,
      transports: [new OutputTransport(new LossyOutput(process.stdout))],
    });
    logger.addRedactions(secretsOf(config.getOptional()));
    // What drowns the lines that an operator should read: one per request, and a
    // warning of every plugin that the portal is for this machine only, which it is.
    logger.setLevelOverrides([
      { matchers: { type: 'incomingRequest' }, level: 'warn' },
      {
        matchers: { message: '/^backend.baseUrl is set to a localhost URL/' },
        level: 'error',
      },
    ]);
    return logger;
  },
});
