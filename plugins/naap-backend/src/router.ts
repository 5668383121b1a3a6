import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import express, { RequestHandler, Router } from 'express';
import { createConnectorsRouter } from './routes/connectorsRouter';
import { createDocumentRouter } from './routes/documentRouter';
import { createEventsRouter } from './routes/eventsRouter';
import { createFallbackRouter } from './routes/fallbackRouter';
import { finiteNumbers } from './routes/finiteNumbers';
import { createHealthRouter } from './routes/healthRouter';
import { createLineageRouter } from './routes/lineageRouter';
import { createPublicRouter } from './routes/publicRouter';
import { createReadRouter } from './routes/readRouter';
import { createRunsRouter } from './routes/runsRouter';
import { createSchedulesRouter } from './routes/schedulesRouter';
import { createStepsRouter } from './routes/stepsRouter';
import { unavailable } from './routes/unavailable';
import { validOnce } from './routes/validOnce';
import type { Metrics } from './metrics';
import { spec } from './schema';

type RouterOptions = { metrics: Pick<Metrics, 'requests'> } & Parameters<
  typeof createEventsRouter
>[0] &
  Parameters<typeof createConnectorsRouter>[0] &
  Parameters<typeof createHealthRouter>[0] &
  Parameters<typeof createPublicRouter>[0] &
  Parameters<typeof createLineageRouter>[0] &
  Parameters<typeof createReadRouter>[0] &
  Parameters<typeof createRunsRouter>[0] &
  Parameters<typeof createSchedulesRouter>[0] &
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

  // Under one mount: each would parse the URL anew.
  const v1 = Router().use(
    options.metrics.requests,
    createEventsRouter(options),
    createDocumentRouter(spec),
    validOnce(finiteNumbers(validator)),
    createReadRouter(options),
    createPublicRouter(options),
    createHealthRouter(options),
    createStepsRouter(options),
    createRunsRouter(options),
    createConnectorsRouter(options),
    createLineageRouter(options),
    createFallbackRouter(spec),
    unavailable,
  );
  return Router().use('/v1', v1).use(createSchedulesRouter(options));
}
