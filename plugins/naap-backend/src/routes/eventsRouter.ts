import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError, InputError } from '@backstage/errors';
import {
  type EventBus,
  messagesBelow,
  type PublishOptions,
} from '@naap/ingestion/bus';
import type { IngestAnswer } from '@naap/plugin-naap-common';
import { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { encodingOf, eventBody, letEnd } from './eventBody';
import { HttpError } from './HttpError';
import type { Sources } from './sources';
import { Uploads } from './Uploads';

const SOURCE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
/** What the CLI brings on the operator's behalf is a file, unless it says otherwise. */
const SERVICE_SOURCE = 'file';
const KEY = /^[\x21-\x7e]{1,128}$/;
const FORMATS = ['lines', 'array'] as const;
/** Most bytes of one request, unpacked. */
const MAX_BODY_BYTES = 2 ** 30;
/** Statuses that a moment later may be none. */
const RETRIED = [429, 503];
const RETRY_AFTER_S = '1';

const bearerOf = (req: Request) =>
  /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];

/** What the request says of its body. */
function optionsOf(req: Request): PublishOptions {
  const { format } = req.query;
  const known = FORMATS.find(name => name === format);
  if (format !== undefined && !known) {
    throw new InputError(`'format' must be one of ${FORMATS.join(', ')}`);
  }
  const key = req.get('idempotency-key');
  if (key !== undefined && !KEY.test(key)) {
    throw new InputError(
      "'Idempotency-Key' must be 1 to 128 printable ASCII characters without blanks",
    );
  }
  return { encoding: encodingOf(req), format: known, key };
}

/**
 * `POST /events`. Lives before every body parser: the body is a stream of any length. Does its own authentication:
 * the bearer token of a source, or a service principal, which names the source itself.
 */
export function createEventsRouter(options: {
  httpAuth: HttpAuthService;
  logger: LoggerService;
  bus: EventBus;
  sources: Sources;
}): Router {
  const { httpAuth, logger, bus, sources } = options;
  const uploads = new Uploads();
  const router = PromiseRouter();

  async function sourceOf(req: Request): Promise<string> {
    const token = bearerOf(req);
    if (!token) {
      throw new AuthenticationError(
        "Bring events with 'Authorization: Bearer <token of a source>' (naap.ingestion.sources)",
      );
    }
    const named = sources.named(token);
    if (named) {
      if (req.query.source !== undefined) {
        throw new InputError(
          "'source' is for service principals; this token names its source itself",
        );
      }
      return named;
    }
    try {
      await httpAuth.credentials(req, { allow: ['service'] });
    } catch {
      throw new AuthenticationError('The bearer token is of no source');
    }
    const source = req.query.source ?? SERVICE_SOURCE;
    if (typeof source !== 'string' || !SOURCE_NAME.test(source)) {
      throw new InputError(
        "'source' must be a name of lower-case letters, digits, - and _",
      );
    }
    return source;
  }

  router.post<'/events', {}, IngestAnswer>('/events', async (req, res) => {
    try {
      const source = await sourceOf(req as Request);
      const known = { ...optionsOf(req as Request), maxBytes: MAX_BODY_BYTES };
      if (Number(req.headers['content-length']) > MAX_BODY_BYTES) {
        throw new HttpError(
          413,
          'PayloadTooLargeError',
          `A request may carry ${MAX_BODY_BYTES} bytes of messages, unpacked; send the rest in another. Nothing of it was kept.`,
        );
      }
      const { positions, ...counts } = await uploads.run(source, () =>
        bus.publish(eventBody(req), source, known),
      );
      res.json({ ...counts, nextOffset: messagesBelow(positions) });
    } catch (error) {
      letEnd(req, res);
      if (req.destroyed && !req.complete) {
        logger.warn(`Events broken off: ${error}`);
        return;
      }
      if (error instanceof HttpError && RETRIED.includes(error.statusCode)) {
        res.set('Retry-After', RETRY_AFTER_S);
      }
      throw error;
    }
  });

  return router;
}
