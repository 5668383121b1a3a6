import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  AvailabilityAnswer,
  ContestedAnswer,
  DimensionAnswer,
  FreshnessAnswer,
  GpuAnswer,
  IngestStatsAnswer,
  InventoryAnswer,
  KpiAnswer,
  type LoopState,
  naapRawReadPermission,
  QuarantineAnswer,
  RequestAnswer,
  RequestDetailAnswer,
  ScoreAnswer,
  SupplyAnswer,
  SwapAnswer,
  TargetAnswer,
  type KafkaIntake,
  type StorageState,
} from '@naap/plugin-naap-common';
import type { KpiStore, LakeReader } from '@naap/plugin-naap-node';
import { Request, RequestHandler, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { Access } from '../access';
import { eventToServedP95Ms, freshnessMs } from '../freshness';
import {
  AvailabilityParams,
  cutOf,
  DimensionParams,
  FilterParams,
  GpuParams,
  KpiParams,
  PageParams,
  QuarantineParams,
  RequestParams,
  requestQueryOf,
  ScoreParams,
  SupplyParams,
  WindowParams,
  windowOf,
  wholeNumber,
} from './query';
import { sendAnswer, sendStream } from './sendAnswer';

/** How many candidates an ambiguous request_id is answered with. */
const CANDIDATES = 20;

interface MessageParams {
  topic: string;
  partition: string;
  offset: string;
}

/** The GET routes; all need `naap.kpi.read`. Parameters are validated before they come here. */
export function createReadRouter(options: {
  access: Access;
  httpAuth: HttpAuthService;
  kpiStore: KpiStore;
  lakeReader: LakeReader;
  loop: () => Promise<LoopState>;
  storage: () => Promise<StorageState>;
  kafka?: () => KafkaIntake;
}): Router {
  const { access, httpAuth, kafka, kpiStore, lakeReader, loop, storage } =
    options;
  const router = PromiseRouter();

  const reader: RequestHandler<any, any, any, any> = async (
    req,
    _res,
    next,
  ) => {
    await access.requireReader(await httpAuth.credentials(req));
    next();
  };

  const mayReadRaw = async (req: unknown) => {
    const [readable] = await access.has(
      [naapRawReadPermission],
      await httpAuth.credentials(req as Request),
    );
    return readable;
  };

  router.get<'/kpis', {}, KpiAnswer, {}, KpiParams>(
    '/kpis',
    reader,
    async ({ query }, res) => {
      await sendAnswer(
        res,
        await kpiStore.kpis({ ...cutOf(query), by: query.by }),
      );
    },
  );

  router.get<'/scores', {}, ScoreAnswer, {}, ScoreParams>(
    '/scores',
    reader,
    async ({ query }, res) => {
      await sendAnswer(
        res,
        await kpiStore.scores({ ...cutOf(query), by: query.by }),
      );
    },
  );

  router.get<'/targets', {}, TargetAnswer, {}, WindowParams & PageParams>(
    '/targets',
    reader,
    async ({ query }, res) => {
      const { limit, cursor } = query;
      await sendAnswer(
        res,
        await kpiStore.targets({ ...windowOf(query), limit, cursor }),
      );
    },
  );

  router.get<'/supply', {}, SupplyAnswer, {}, SupplyParams>(
    '/supply',
    reader,
    async ({ query }, res) => {
      await sendAnswer(
        res,
        await kpiStore.supply({ ...cutOf(query), by: query.by }),
      );
    },
  );

  router.get<'/availability', {}, AvailabilityAnswer, {}, AvailabilityParams>(
    '/availability',
    reader,
    async ({ query }, res) => {
      await sendAnswer(
        res,
        await kpiStore.availability({ ...cutOf(query), by: query.by }),
      );
    },
  );

  router.get<'/gpus', {}, GpuAnswer, {}, GpuParams>(
    '/gpus',
    reader,
    async ({ query }, res) => {
      await sendAnswer(
        res,
        await kpiStore.gpus({ ...cutOf(query), gpuId: query.gpu_id }),
      );
    },
  );

  router.get<
    '/swaps',
    {},
    SwapAnswer,
    {},
    WindowParams & PageParams & FilterParams
  >('/swaps', reader, async ({ query }, res) => {
    await sendAnswer(res, await kpiStore.swaps(cutOf(query)));
  });

  router.get<'/inventory', {}, InventoryAnswer, {}, PageParams>(
    '/inventory',
    reader,
    async ({ query: { limit, cursor } }, res) => {
      await sendAnswer(res, await kpiStore.inventory({ limit, cursor }));
    },
  );

  router.get<'/contested', {}, ContestedAnswer, {}, PageParams>(
    '/contested',
    reader,
    async ({ query: { limit, cursor } }, res) => {
      await sendAnswer(res, await kpiStore.contested({ limit, cursor }));
    },
  );

  router.get<'/requests', {}, RequestAnswer, {}, RequestParams>(
    '/requests',
    reader,
    async ({ query }, res) => {
      await sendAnswer(res, await kpiStore.requests(requestQueryOf(query)));
    },
  );

  router.get<
    '/requests/:requestId',
    { requestId: string },
    RequestDetailAnswer | object,
    {},
    PageParams & { stream_id?: string }
  >('/requests/:requestId', reader, async (req, res) => {
    const { params, query } = req;
    const { meta, total, rows } = await kpiStore.requests({
      requestId: params.requestId,
      streamId: query.stream_id,
      limit: CANDIDATES,
    });
    const [request] = rows;
    if (!request) {
      throw new NotFoundError(
        `No request that counts has request_id '${params.requestId}'${
          query.stream_id ? ` and stream_id '${query.stream_id}'` : ''
        }`,
      );
    }
    if (total > 1) {
      res.status(409).json({
        error: {
          name: 'ConflictError',
          message: `request_id '${params.requestId}' names ${total} requests; add 'stream_id' of one of the candidates`,
        },
        candidates: rows.map(({ stream_id, requested_at }) => ({
          stream_id,
          requested_at,
        })),
      });
      return;
    }
    const { limit, cursor } = query;
    const [readable, { events, next }] = await Promise.all([
      mayReadRaw(req),
      lakeReader.requestEvents(request, { limit, cursor }),
    ]);
    await sendAnswer(res, {
      meta,
      request,
      raw_readable: readable,
      events: readable
        ? events
        : events.map(event => ({ ...event, raw: null })),
      next,
    });
  });

  router.get<'/dimensions', {}, DimensionAnswer, {}, DimensionParams>(
    '/dimensions',
    reader,
    async ({ query }, res) => {
      await sendAnswer(
        res,
        await kpiStore.dimensions({ ...query, ...windowOf(query) }),
      );
    },
  );

  router.get<'/freshness', {}, FreshnessAnswer>(
    '/freshness',
    reader,
    async (_req, res) => {
      const state = await kpiStore.state();
      res.json({
        ...state,
        freshnessMs: freshnessMs(state),
        eventToServedP95Ms: eventToServedP95Ms(state),
        loop: await loop(),
        storage: await storage(),
        ...(kafka && { kafka: kafka() }),
      });
    },
  );

  router.get<'/quarantine', {}, QuarantineAnswer, {}, QuarantineParams>(
    '/quarantine',
    reader,
    async (req, res) => {
      const [readable, { total, rows, next }] = await Promise.all([
        mayReadRaw(req),
        lakeReader.quarantine(req.query),
      ]);
      await sendAnswer(res, {
        total,
        raw_readable: readable,
        rows: readable ? rows : rows.map(row => ({ ...row, raw_base64: null })),
        next,
      });
    },
  );

  router.get<'/messages/:topic/:partition/:offset', MessageParams>(
    '/messages/:topic/:partition/:offset',
    reader,
    async (req, res) => {
      await access.require(
        naapRawReadPermission,
        await httpAuth.credentials(req),
      );
      const { topic } = req.params;
      const partition = wholeNumber('partition', req.params.partition);
      const offset = wholeNumber('offset', req.params.offset);
      const message = await lakeReader.message({ topic, partition, offset });
      const name = [topic, partition, offset].join('-');
      if (!message) throw new NotFoundError(`The lake has no message ${name}`);
      res.set({
        'Content-Type': 'application/octet-stream',
        // Strangers' bytes: to be saved, never to be shown.
        'Content-Disposition': `attachment; filename="${name}"`,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      });
      await sendStream(res, message);
    },
  );

  router.get<
    '/ingest-stats',
    {},
    IngestStatsAnswer,
    {},
    WindowParams & PageParams
  >('/ingest-stats', reader, async ({ query }, res) => {
    const { limit, cursor } = query;
    await sendAnswer(
      res,
      await kpiStore.ingestStats({ ...windowOf(query), limit, cursor }),
    );
  });

  return router;
}
