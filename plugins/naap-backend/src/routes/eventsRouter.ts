import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError, InputError } from '@backstage/errors';
import type { IngestAnswer } from '@naap/plugin-naap-common';
import type { EventSink } from '@naap/plugin-naap-node';
import { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { eventBody } from './eventBody';
import type { Sources } from './sources';

const SOURCE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
/** What the CLI brings on the operator's behalf is a file, unless it says otherwise. */
const SERVICE_SOURCE = 'file';
const bearerOf = (req: Request) =>
  /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];

/**
 * `POST /events`. Lives before every body parser: the body is a stream of any length. Does its own authentication:
 * the bearer token of a source, or a service principal, which names the source itself.
 */
export function createEventsRouter(options: {
  httpAuth: HttpAuthService;
  logger: LoggerService;
  /** Told what every request brought. */
  onIngested: (answer: IngestAnswer) => void;
  sink: EventSink;
  sources: Sources;
  maxBodyBytes?: number;
}): Router {
  const { httpAuth, logger, onIngested, sink, sources, maxBodyBytes } = options;
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
      const body = eventBody(req, maxBodyBytes);
      try {
        const answer = await sink.ingest(body, source);
        onIngested(answer);
        res.json(answer);
      } catch (error) {
        body.destroy();
        throw error;
      }
    } catch (error) {
      // The rest of the body is not wanted: end the connection after the answer.
      res.set('Connection', 'close');
      if (req.destroyed && !req.complete) {
        logger.warn(`Events broken off: ${error}`);
        return;
      }
      throw error;
    }
  });

  return router;
}
