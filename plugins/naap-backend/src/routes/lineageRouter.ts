import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  LineageAnswer,
  LineageNodeAnswer,
  naapKpiReadPermission,
} from '@naap/plugin-naap-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { Access } from '../access';
import type { Lineage } from '../lineage';

/** `GET /lineage` and `GET /lineage/node`, for who may read KPIs. */
export function createLineageRouter(options: {
  access: Pick<Access, 'require'>;
  httpAuth: HttpAuthService;
  lineage: Pick<Lineage, 'read' | 'node'>;
}): Router {
  const { access, httpAuth, lineage } = options;
  const router = PromiseRouter();

  router.get('/lineage*', async (req, _res, next) => {
    await access.require(
      naapKpiReadPermission,
      await httpAuth.credentials(req),
    );
    next();
  });

  router.get<'/lineage', {}, LineageAnswer>('/lineage', async (_req, res) => {
    res.json({ ...(await lineage.read()), next: null });
  });

  router.get<'/lineage/node', {}, LineageNodeAnswer, {}, { id: string }>(
    '/lineage/node',
    async ({ query }, res) => {
      res.json(await lineage.node(query.id));
    },
  );

  return router;
}
