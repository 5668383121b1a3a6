import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { NaapSchemas } from '@naap/plugin-naap-common';
import { isDiskFull } from '@naap/system';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { setTimeout as delay } from 'node:timers/promises';

/** A part that takes longer is not ready. */
const PATIENCE_MS = 1_000;

/** What answers need; each look rejects while its part isn't there. */
export type HealthParts = Record<
  NaapSchemas['Readiness']['parts'][number]['name'],
  () => Promise<unknown>
>;

async function inTime(look: () => Promise<unknown>): Promise<unknown> {
  const late = new AbortController();
  try {
    return await Promise.race([
      look(),
      delay(PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error(`No answer within ${PATIENCE_MS} ms`);
      }),
    ]);
  } finally {
    late.abort();
  }
}

/** Alive: the process answers. Ready: every part that answers need does. For who has no token, too. */
export function createHealthRouter(options: {
  health: HealthParts;
  logger: LoggerService;
}): Router {
  const { logger } = options;
  const looks = Object.entries(options.health) as Array<
    [keyof HealthParts, () => Promise<unknown>]
  >;
  const router = PromiseRouter();

  router.get('/health/live', (_req, res) => {
    res.json({ status: 'ok' });
  });

  router.get<'/health/ready', {}, NaapSchemas['Readiness']>(
    '/health/ready',
    async (_req, res) => {
      const parts = await Promise.all(
        looks.map(async ([name, look]) => {
          try {
            await inTime(look);
            return { name, ready: true };
          } catch (error) {
            // Why is for the operator, not for whoever asks.
            logger.warn(`Not ready: ${name}: ${stringifyError(error)}`);
            return isDiskFull(error)
              ? { name, ready: false, reason: 'disk_full' as const }
              : { name, ready: false };
          }
        }),
      );
      const ready = parts.every(part => part.ready);
      res
        .status(ready ? 200 : 503)
        .json({ status: ready ? 'ok' : 'error', parts });
    },
  );

  return router;
}
