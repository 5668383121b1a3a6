import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  AvailabilityAnswer,
  DimensionAnswer,
  FreshnessAnswer,
  GpuAnswer,
  IngestStatsAnswer,
  InventoryAnswer,
  KpiAnswer,
  QuarantineAnswer,
  RequestAnswer,
  RequestDetailAnswer,
  ScoreAnswer,
  SupplyAnswer,
  SwapAnswer,
  TargetAnswer,
} from '@naap/plugin-naap-common';
import type { EventSink, KpiStore, LakeReader } from '@naap/plugin-naap-node';
import { RequestHandler, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { Access } from '../access';
import {
  AvailabilityParams,
  cutOf,
  FilterParams,
  GpuParams,
  KpiParams,
  QuarantineParams,
  RequestParams,
  requestQueryOf,
  ScoreParams,
  SupplyParams,
  WindowParams,
  windowOf,
} from './query';
import { sendAnswer } from './sendAnswer';

/** How many candidates an ambiguous request_id is answered with. */
const CANDIDATES = 20;

/** The GET routes; all need `naap.kpi.read`. Parameters are validated before they come here. */
export function createReadRouter(options: {
  access: Access;
  httpAuth: HttpAuthService;
  kpiStore: KpiStore;
  lakeReader: LakeReader;
  loop: () => Pick<FreshnessAnswer, 'eventToServedP95Ms' | 'loop'>;
  sink: Pick<EventSink, 'storage'>;
}): Router {
  const { access, httpAuth, kpiStore, lakeReader, loop, sink } = options;
  const router = PromiseRouter();

  const reader: RequestHandler<any, any, any, any> = async (
    req,
    _res,
    next,
  ) => {
    await access.requireReader(await httpAuth.credentials(req));
    next();
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
      await sendAnswer(res, await kpiStore.scores(cutOf(query), query.by));
    },
  );

  router.get<'/targets', {}, TargetAnswer, {}, WindowParams>(
    '/targets',
    reader,
    async ({ query }, res) => {
      await sendAnswer(res, await kpiStore.targets(windowOf(query)));
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

  router.get<'/swaps', {}, SwapAnswer, {}, WindowParams & FilterParams>(
    '/swaps',
    reader,
    async ({ query }, res) => {
      await sendAnswer(res, await kpiStore.swaps(cutOf(query)));
    },
  );

  router.get<'/inventory', {}, InventoryAnswer>(
    '/inventory',
    reader,
    async (_req, res) => {
      await sendAnswer(res, await kpiStore.inventory());
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
    { stream_id?: string }
  >('/requests/:requestId', reader, async ({ params, query }, res) => {
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
    res.json({
      meta,
      request,
      events: await lakeReader.requestEvents(request),
    });
  });

  router.get<'/dimensions', {}, DimensionAnswer, {}, WindowParams>(
    '/dimensions',
    reader,
    async ({ query }, res) => {
      await sendAnswer(res, await kpiStore.dimensions(windowOf(query)));
    },
  );

  router.get<'/freshness', {}, FreshnessAnswer>(
    '/freshness',
    reader,
    async (_req, res) => {
      const state = await kpiStore.state();
      res.json({
        ...state,
        freshnessMs:
          state.watermark === null
            ? null
            : Date.now() - Date.parse(state.watermark),
        ...loop(),
        storage: await sink.storage(),
      });
    },
  );

  router.get<'/quarantine', {}, QuarantineAnswer, {}, QuarantineParams>(
    '/quarantine',
    reader,
    async ({ query }, res) => {
      res.json(await lakeReader.quarantine(query));
    },
  );

  router.get<'/ingest-stats', {}, IngestStatsAnswer, {}, WindowParams>(
    '/ingest-stats',
    reader,
    async ({ query }, res) => {
      res.json({ rows: await lakeReader.ingestStats(windowOf(query)) });
    },
  );

  return router;
}
