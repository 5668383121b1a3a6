import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  LineageAnswer,
  LineageNodeAnswer,
  naapKpiReadPermission,
} from '@naap/plugin-naap-common';
import { translated } from '@naap/plugin-naap-node';
import { listOf, pageOfLists } from '@naap/serving/bounded';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { Access } from '../access';
import type { Lineage } from '../lineage';
import type { PageParams } from './query';
import { sendAnswer } from './sendAnswer';

const MOST_PROBLEMS = 100;

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

  router.get<'/lineage', {}, LineageAnswer, {}, PageParams>(
    '/lineage',
    async ({ query: { limit, cursor } }, res) => {
      const { nodes, edges, parts, problems } = await lineage.read();
      const { bytes, ...page } = await translated(
        pageOfLists(
          'lineage',
          { limit, cursor },
          { nodes: listOf(nodes), edges: listOf(edges), parts: listOf(parts) },
        ),
      );
      await sendAnswer(res, {
        ...page,
        problems: problems.slice(0, MOST_PROBLEMS),
      });
    },
  );

  router.get<'/lineage/node', {}, LineageNodeAnswer, {}, { id: string }>(
    '/lineage/node',
    async ({ query }, res) => {
      res.json(await lineage.node(query.id));
    },
  );

  return router;
}
