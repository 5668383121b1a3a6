import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import express, { RequestHandler, Router } from 'express';
import { createEventsRouter } from './routes/eventsRouter';
import { createReadRouter } from './routes/readRouter';
import { createStepsRouter } from './routes/stepsRouter';
import { spec } from './schema';

type RouterOptions = Parameters<typeof createEventsRouter>[0] &
  Parameters<typeof createReadRouter>[0] &
  Parameters<typeof createStepsRouter>[0];

/** The API under `/api/naap`. All but the stream of events is validated against schema/openapi.yaml. */
export function createRouter(options: RouterOptions): Router {
  const validator = createValidatedOpenApiRouter(spec, {
    validatorOptions: {
      // 'array': a filter given once, even empty, is a list of one.
      validateRequests: {
        coerceTypes: 'array',
        allowUnknownQueryParameters: false,
      },
      ajvFormats: { mode: 'full' },
      validateSecurity: false,
    },
    middleware: [express.json({ limit: '16kb' })],
  }) as RequestHandler;

  const router = Router();
  router.use(
    '/v1',
    createEventsRouter(options),
    validator,
    createStepsRouter(options),
    createReadRouter(options),
  );
  return router;
}
