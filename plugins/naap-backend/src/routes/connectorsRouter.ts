import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  CONNECTOR_ACTIONS,
  ConnectorAction,
  ConnectorActionAnswer,
  ConnectorListAnswer,
  DeadLetterAnswer,
  naapConnectorPermissions,
  naapPipelineReadPermission,
  naapRawReadPermission,
} from '@naap/plugin-naap-common';
import type { Connectors } from '@naap/plugin-naap-node';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { Access } from '../access';
import { sendAnswer } from './sendAnswer';

/** A page of dead letters, where none is asked for. */
const LETTERS = 20;

/** The connectors that write the lake, what can be done to them, and what they could not read. */
export function createConnectorsRouter(options: {
  access: Access;
  httpAuth: HttpAuthService;
  /** Undefined where no Kafka Connect is configured. */
  connectors?: Connectors;
}): Router {
  const { access, httpAuth, connectors } = options;
  const router = PromiseRouter();

  router.get<'/connectors', {}, ConnectorListAnswer>(
    '/connectors',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      await access.require(naapPipelineReadPermission, credentials);
      const [pause, resume, restart] = await access.has(
        CONNECTOR_ACTIONS.map(action => naapConnectorPermissions[action]),
        credentials,
      );
      const list = (await connectors?.list()) ?? {
        rows: [],
        deadLetters: null,
        problems: [],
      };
      await sendAnswer(res, { ...list, may: { pause, resume, restart } });
    },
  );

  router.get<'/dead-letters', {}, DeadLetterAnswer, {}, { limit?: number }>(
    '/dead-letters',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      await access.require(naapPipelineReadPermission, credentials);
      const [readable] = await access.has([naapRawReadPermission], credentials);
      const { total, rows } = (await connectors?.deadLetters(
        req.query.limit ?? LETTERS,
      )) ?? { total: 0, rows: [] };
      await sendAnswer(res, {
        total,
        raw_readable: readable,
        rows: readable
          ? rows
          : rows.map(row => ({ ...row, message: null, raw_base64: null })),
      });
    },
  );

  router.post<
    '/connectors/:connector/:action',
    { connector: string; action: ConnectorAction },
    ConnectorActionAnswer
  >('/connectors/:connector/:action', async (req, res) => {
    const { connector, action } = req.params;
    await access.audited(
      { eventId: `connector-${action}`, request: req, meta: { connector } },
      async () => {
        await access.require(
          naapConnectorPermissions[action],
          await httpAuth.credentials(req),
        );
        if (!connectors) {
          throw new NotFoundError('No Kafka Connect is configured here');
        }
        await connectors.change(connector, action);
      },
    );
    res.json({ connector, action });
  });

  return router;
}
