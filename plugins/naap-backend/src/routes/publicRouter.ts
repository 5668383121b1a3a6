import type {
  AuthService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import { KpiFilters, NaapSchemas, AnswerMeta } from '@naap/plugin-naap-common';
import type { KpiStore } from '@naap/plugin-naap-node';
import { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { rateLimit } from 'express-rate-limit';
import { type Access, nameOf } from '../access';
import {
  capacityRows,
  complianceRows,
  datasetRows,
  DemandInterval,
  demandRows,
  gpuMetricsRows,
  windowOfRange,
} from '../public';
import { spec } from '../schema';
import { HttpError } from './HttpError';
import { filtersOf } from './query';
import { sendAnswer } from './sendAnswer';

/** What the programme's requirements name; who has no token may read it too. */
export const PUBLIC_PATHS = [
  '/gpu/metrics',
  '/network/demand',
  '/sla/compliance',
  '/datasets',
] as const;

/** How the public API is open. */
export interface PublicApiConfig {
  /** False: only who may read KPIs. */
  enabled: boolean;
  /** The user that everybody is for the asking. */
  guest: string;
  /** Of one client address, of those who are nobody or a guest. */
  rateLimit: { windowSeconds: number; max: number };
}

interface Answer<Row> {
  meta: AnswerMeta;
  rows: Row[];
}

/** Asks again until all answers are of the same sync. */
async function ofOneSync<Answers extends Array<{ meta: AnswerMeta }>>(
  ask: () => Promise<Answers>,
): Promise<Answers> {
  for (;;) {
    const answers = await ask();
    const syncs = new Set(answers.map(({ meta }) => meta.syncedAt));
    if (syncs.size === 1) return answers;
  }
}

/** Keeps what is made of the rows of an answer as long as they live: the same question has the same rows until a sync. */
function keptWith<Made>() {
  const kept = new WeakMap<readonly object[], Made>();
  return (rows: readonly object[], make: () => Made): Made => {
    const made = kept.get(rows) ?? make();
    kept.set(rows, made);
    return made;
  };
}

/**
 * The public SLA API. Parameters are validated before they come here. Who has a token needs `naap.kpi.read`. Who has none
 * is limited by address, and so are guests, whose tokens are for the asking.
 */
export function createPublicRouter(options: {
  access: Access;
  auth: AuthService;
  httpAuth: HttpAuthService;
  kpiStore: KpiStore;
  publicApi: PublicApiConfig;
}): Router {
  const { access, auth, httpAuth, kpiStore, publicApi } = options;
  const { windowSeconds, max } = publicApi.rateLimit;
  const router = PromiseRouter();
  const gpuMetrics = keptWith<Array<NaapSchemas['GpuMetricsRow']>>();
  const demand = keptWith<{
    rows: Array<NaapSchemas['DemandRow']>;
    capacity: Array<NaapSchemas['CapacityRow']>;
  }>();
  const compliance = keptWith<Array<NaapSchemas['ComplianceRow']>>();

  const isAnonymous = async (req: Request) =>
    auth.isPrincipal(await httpAuth.credentials(req), 'none');
  const isGuest = async (req: Request) =>
    nameOf(await httpAuth.credentials(req)) === publicApi.guest;

  router.get(
    [...PUBLIC_PATHS],
    async (req, _res, next) => {
      if (!(await isAnonymous(req))) {
        await access.requireReader(await httpAuth.credentials(req));
      } else if (!publicApi.enabled) {
        throw new AuthenticationError(
          'This installation asks for a token here (naap.publicApi.enabled)',
        );
      }
      next();
    },
    rateLimit({
      windowMs: windowSeconds * 1000,
      limit: max,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // Behind a proxy that is not named in backend.trustProxy all clients have its address.
      validate: { xForwardedForHeader: false, forwardedHeader: false },
      skip: async asked => {
        const req = asked as unknown as Request;
        return !(await isAnonymous(req)) && !(await isGuest(req));
      },
      handler: (_req, _res, next) =>
        next(
          new HttpError(
            429,
            'TooManyRequestsError',
            `More than ${max} requests in ${windowSeconds} s from this address; Retry-After says when to come again`,
          ),
        ),
    }),
  );

  /** A workflow is a pipeline, or a model id where no pipeline has the name. */
  async function workflowFilter(
    workflow: string | undefined,
  ): Promise<KpiFilters> {
    if (workflow === undefined) return {};
    const { values } = await kpiStore.dimensions({});
    return values.pipeline.some(({ value }) => value === workflow)
      ? { pipeline: [workflow] }
      : { model: [workflow] };
  }

  router.get<
    '/gpu/metrics',
    {},
    Answer<NaapSchemas['GpuMetricsRow']>,
    {},
    {
      o_wallet?: string[];
      gpu_id?: string[];
      region?: string[];
      workflow?: string;
      time_range: string;
    }
  >('/gpu/metrics', async ({ query }, res) => {
    const answer = await kpiStore.gpus({
      ...windowOfRange('time_range', query.time_range, Date.now()),
      filters: {
        ...filtersOf({ orchestrator: query.o_wallet, region: query.region }),
        ...(await workflowFilter(query.workflow)),
      },
      gpuId: query.gpu_id,
    });
    await sendAnswer(res, {
      meta: answer.meta,
      rows: gpuMetrics(answer.rows, () => gpuMetricsRows(answer)),
    });
  });

  router.get<
    '/network/demand',
    {},
    Answer<NaapSchemas['DemandRow']> & {
      capacity: Array<NaapSchemas['CapacityRow']>;
    },
    {},
    {
      gateway?: string[];
      region?: string[];
      workflow?: string;
      interval: DemandInterval;
      time_range: string;
    }
  >('/network/demand', async ({ query }, res) => {
    const { interval } = query;
    const window = windowOfRange('time_range', query.time_range, Date.now());
    const workflow = await workflowFilter(query.workflow);
    const [{ meta, rows }, whole, supply] = await ofOneSync(() =>
      Promise.all([
        kpiStore.kpis({
          ...window,
          by: [interval, 'gateway', 'region'],
          filters: {
            ...filtersOf({ gateway: query.gateway, region: query.region }),
            ...workflow,
          },
        }),
        kpiStore.kpis({ ...window, by: ['hour'], filters: workflow }),
        kpiStore.supply({ ...window, by: ['hour'], filters: workflow }),
      ]),
    );
    await sendAnswer(res, {
      meta,
      ...demand(rows, () => ({
        rows: demandRows(rows, interval),
        capacity: capacityRows({
          supply: supply.rows,
          demand: whole.rows,
          interval,
          watermark: meta.watermark,
        }),
      })),
    });
  });

  router.get<
    '/sla/compliance',
    {},
    Answer<NaapSchemas['ComplianceRow']>,
    {},
    { orchestrator_id?: string[]; period: string }
  >('/sla/compliance', async ({ query }, res) => {
    const window = windowOfRange('period', query.period, Date.now());
    const filters = filtersOf({ orchestrator: query.orchestrator_id });
    const cut = { ...window, filters };
    const [scores, kpis, models, targets] = await ofOneSync(() =>
      Promise.all([
        kpiStore.scores(cut, 'orchestrator'),
        kpiStore.kpis({ ...cut, by: ['orchestrator'] }),
        kpiStore.kpis({ ...cut, by: ['orchestrator', 'model'] }),
        kpiStore.targets(window),
      ]),
    );
    await sendAnswer(res, {
      meta: scores.meta,
      rows: compliance(scores.rows, () =>
        complianceRows({
          scores,
          kpis: kpis.rows,
          models: models.rows,
          targets: targets.rows,
        }),
      ),
    });
  });

  router.get<
    '/datasets',
    {},
    Answer<NaapSchemas['DatasetRow']>,
    {},
    { workflow?: string; type?: string }
  >('/datasets', async (req, res) => {
    const { workflow: name, type } = req.query;
    const filters = await workflowFilter(name);
    const [hours, inventory] = await Promise.all([
      kpiStore.kpis({ by: ['hour'], filters }),
      kpiStore.inventory(),
    ]);
    const { meta, rows } = hours;
    await sendAnswer(res, {
      meta,
      rows: datasetRows({
        document: spec,
        baseUrl: req.baseUrl,
        workflow: name === undefined ? undefined : { name, filters },
        type,
        firstHour: rows.at(0)?.hour ?? null,
        lastHour: rows.at(-1)?.hour ?? null,
        refreshedAt: meta.syncedAt,
        rows: {
          requests: rows.reduce((sum, row) => sum + row.requests, 0),
          orchestrators: inventory.orchestrators.length,
          models: inventory.models.length,
          deploys: inventory.deploys.length,
        },
      }),
    });
  });

  return router;
}
