import type {
  AuthService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import {
  allPages,
  AnswerMeta,
  KpiFilters,
  ModelTargets,
  NaapSchemas,
  Page,
  pagesOf,
  ScoreAnswer,
  Window,
} from '@naap/plugin-naap-common';
import { type KpiStore, translated } from '@naap/plugin-naap-node';
import {
  decodeCursor,
  encodeCursor,
  listOf,
  MAX_ROWS,
  Ordered,
  pageOfLists,
  partOf,
  wrongCursor,
} from '@naap/serving/bounded';
import { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { rateLimit } from 'express-rate-limit';
import { type Access, nameOf } from '../access';
import {
  capacityRows,
  complianceRows,
  datasetRows,
  DemandInterval,
  INTERVAL_DIMENSION,
  demandRows,
  gpuMetricsRows,
  TargetedModels,
  windowOfRange,
} from '../public';
import { spec } from '../schema';
import { HttpError } from './HttpError';
import { filtersOf, PageParams } from './query';
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

interface Answer<Row> extends Page {
  meta: AnswerMeta;
  rows: Row[];
}

/** Asks again until all answers that were seen are of the same sync. */
async function ofOneSync<Result>(
  ask: (
    saw: <Seen extends { meta: AnswerMeta }>(answer: Seen) => Seen,
  ) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const syncs = new Set<string | null>();
    const result = await ask(answer => {
      syncs.add(answer.meta.syncedAt);
      return answer;
    });
    if (syncs.size <= 1) return result;
  }
}

const DEMAND = 'demand';
const INTERVAL_ORDER: Ordered[] = [
  { column: 'interval', kind: 'text', direction: 'ASC' },
];

/** Where a page of demand begins: in its rows, or in its capacity. */
function demandCursor(cursor: string | undefined): {
  rows?: string;
  capacity?: string;
  list: 'rows' | 'capacity';
} {
  if (cursor === undefined) return { list: 'rows' };
  const [list, at] = decodeCursor(DEMAND, cursor);
  if (list === 'rows' && typeof at === 'string') return { list, rows: at };
  if (list === 'capacity' && (at === undefined || typeof at === 'string')) {
    return { list, capacity: at };
  }
  throw wrongCursor();
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
  const demand = keptWith<Array<NaapSchemas['DemandRow']>>();
  const capacity = keptWith<Array<NaapSchemas['CapacityRow']>>();
  const compliance = new WeakMap<
    readonly object[],
    Array<NaapSchemas['ComplianceRow']>
  >();

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
    return (await kpiStore.hasValue('pipeline', workflow))
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
    } & PageParams
  >('/gpu/metrics', async ({ query }, res) => {
    const answer = await kpiStore.gpus({
      ...windowOfRange('time_range', query.time_range, Date.now()),
      filters: {
        ...filtersOf({ orchestrator: query.o_wallet, region: query.region }),
        ...(await workflowFilter(query.workflow)),
      },
      gpuId: query.gpu_id,
      limit: query.limit,
      cursor: query.cursor,
    });
    await sendAnswer(res, {
      meta: answer.meta,
      rows: gpuMetrics(answer.rows, () => gpuMetricsRows(answer)),
      next: answer.next,
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
    } & PageParams
  >('/network/demand', async ({ query }, res) => {
    const { interval, limit = MAX_ROWS } = query;
    const begin = await translated(
      Promise.resolve(query.cursor).then(demandCursor),
    );
    const window = windowOfRange('time_range', query.time_range, Date.now());
    const workflow = await workflowFilter(query.workflow);
    const [asked, offered] = await ofOneSync(async saw => {
      const demanded = saw(
        await kpiStore.kpis({
          ...window,
          by: [INTERVAL_DIMENSION[interval], 'gateway', 'region'],
          filters: {
            ...filtersOf({ gateway: query.gateway, region: query.region }),
            ...workflow,
          },
          limit: begin.list === 'rows' ? limit : 0,
          cursor: begin.rows,
        }),
      );
      return demanded.next === null
        ? ([
            demanded,
            await capacityOf(
              window,
              workflow,
              interval === 'day' ? 'day' : 'hour',
              saw,
            ),
          ] as const)
        : ([demanded, []] as const);
    });
    const { meta } = asked;
    const rows = demand(asked.rows, () =>
      demandRows(asked.rows, interval, meta.window),
    );
    const part = partOf(
      offered as Array<NaapSchemas['CapacityRow']>,
      {
        limit: limit - rows.length,
        after: begin.capacity === undefined ? null : [begin.capacity],
      },
      INTERVAL_ORDER,
      row => [row.interval],
    );
    const last = part.rows.at(-1);
    let next: string | null = null;
    if (asked.next !== null) {
      next = encodeCursor(DEMAND, ['rows', asked.next]);
    } else if (part.more) {
      next = encodeCursor(DEMAND, [
        'capacity',
        ...(last ? [last.interval] : []),
      ]);
    }
    await sendAnswer(res, { meta, rows, capacity: part.rows, next });
  });

  /** What was offered in a window beside what was asked, all of it. */
  async function capacityOf(
    window: Window,
    filters: KpiFilters,
    interval: 'hour' | 'day',
    saw: <Seen extends { meta: AnswerMeta }>(answer: Seen) => Seen,
  ): Promise<Array<NaapSchemas['CapacityRow']>> {
    const ask = { ...window, by: ['hour' as const], filters };
    const [asked, offered] = await Promise.all([
      allPages(cursor => kpiStore.kpis({ ...ask, cursor }).then(saw)),
      allPages(cursor => kpiStore.supply({ ...ask, cursor }).then(saw)),
    ]);
    // The same question has the same first page.
    return capacity(asked[0].rows, () =>
      capacityRows({
        supply: offered.flatMap(({ rows }) => rows),
        demand: asked.flatMap(({ rows }) => rows),
        interval,
        window: asked[0].meta.window,
        watermark: asked[0].meta.watermark,
      }),
    );
  }

  router.get<
    '/sla/compliance',
    {},
    Answer<NaapSchemas['ComplianceRow']>,
    {},
    { orchestrator_id?: string[]; period: string } & PageParams
  >('/sla/compliance', async ({ query }, res) => {
    const { limit, cursor } = query;
    const window = windowOfRange('period', query.period, Date.now());
    const filters = filtersOf({ orchestrator: query.orchestrator_id });
    const { scores, rows } = await ofOneSync(async saw => {
      const answer = saw(
        await kpiStore.scores({
          ...window,
          filters,
          by: 'orchestrator',
          limit,
          cursor,
        }),
      );
      const known = compliance.get(answer.rows);
      return {
        scores: answer,
        rows: known ?? (await complianceOf(window, answer, saw)),
      };
    });
    compliance.set(scores.rows, rows);
    await sendAnswer(res, { meta: scores.meta, rows, next: scores.next });
  });

  /** The rows of a page of scores. */
  async function complianceOf(
    window: Window,
    scores: ScoreAnswer,
    saw: <Seen extends { meta: AnswerMeta }>(answer: Seen) => Seen,
  ): Promise<Array<NaapSchemas['ComplianceRow']>> {
    if (scores.rows.length === 0) return [];
    const own = {
      ...window,
      filters: { orchestrator: scores.rows.map(({ key }) => key) },
    };
    const kpis = await allPages(cursor =>
      kpiStore.kpis({ ...own, by: ['orchestrator'], cursor }).then(saw),
    );
    const models = new TargetedModels();
    for await (const { rows } of pagesOf(cursor =>
      kpiStore
        .kpis({ ...own, by: ['orchestrator', 'model'], cursor })
        .then(saw),
    )) {
      rows.forEach(row => models.add(row));
    }
    const targets: ModelTargets[] = [];
    for await (const { rows } of pagesOf(cursor =>
      kpiStore.targets({ ...window, cursor }).then(saw),
    )) {
      targets.push(...rows.filter(({ model }) => models.has(model)));
    }
    return complianceRows({
      scores,
      kpis: kpis.flatMap(({ rows }) => rows),
      models,
      targets,
    });
  }

  router.get<
    '/datasets',
    {},
    Answer<NaapSchemas['DatasetRow']>,
    {},
    { workflow?: string; type?: string } & PageParams
  >('/datasets', async (req, res) => {
    const { workflow: name, type, limit, cursor } = req.query;
    const filters = await workflowFilter(name);
    const tables = new Map(
      (await kpiStore.tables()).map(table => [table.name, table.rows]),
    );
    const hours = await allPages(at =>
      kpiStore.kpis({ by: ['hour'], filters, cursor: at }),
    );
    const [{ meta }] = hours;
    const rows = hours.flatMap(page => page.rows);
    const all = datasetRows({
      document: spec,
      baseUrl: req.baseUrl,
      workflow: name === undefined ? undefined : { name, filters },
      type,
      firstHour: rows.at(0)?.hour ?? null,
      lastHour: rows.at(-1)?.hour ?? null,
      refreshedAt: meta.syncedAt,
      rows: {
        requests: rows.reduce((sum, row) => sum + row.requests, 0),
        orchestrators: tables.get('dim_orchestrators') ?? 0,
        models: tables.get('dim_models') ?? 0,
        contested: tables.get('dim_contested_urls') ?? 0,
        deploys: tables.get('dim_deploys') ?? 0,
      },
    });
    const { bytes, ...page } = await translated(
      pageOfLists('datasets', { limit, cursor }, { rows: listOf(all) }),
    );
    await sendAnswer(res, { meta, ...page });
  });

  return router;
}
