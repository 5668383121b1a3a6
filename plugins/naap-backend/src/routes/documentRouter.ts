import { Router } from 'express';
import type { OpenApiDocument } from '../schema';

/** `GET /openapi.json`: the document as it is, with the address that it is served at. */
export function createDocumentRouter(document: OpenApiDocument): Router {
  const router = Router();
  router.get('/openapi.json', (req, res) => {
    res.json({ ...document, servers: [{ url: req.baseUrl }] });
  });
  return router;
}
