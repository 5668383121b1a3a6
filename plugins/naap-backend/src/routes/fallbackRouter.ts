import { NotFoundError } from '@backstage/errors';
import { Router } from 'express';
import type { OpenApiDocument } from '../schema';
import { HttpError } from './HttpError';

/** What no route took: 405 for a method that a path of the document doesn't have, 404 for any other path. */
export function createFallbackRouter(document: OpenApiDocument): Router {
  const router = Router();
  for (const [path, operations] of Object.entries(document.paths)) {
    const allowed = Object.keys(operations)
      .flatMap(method => (method === 'get' ? ['GET', 'HEAD'] : method))
      .join(', ')
      .toUpperCase();
    router.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), (req, res, next) => {
      res.set('Allow', allowed);
      next(
        new HttpError(
          405,
          'MethodNotAllowedError',
          `${req.method} is not possible here; ${allowed} is`,
        ),
      );
    });
  }
  router.use((_req, _res, next) => {
    next(new NotFoundError('There is no such path; see openapi.json'));
  });
  return router;
}
