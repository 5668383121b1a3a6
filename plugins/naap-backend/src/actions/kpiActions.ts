import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import {
  KPI_FILTERS,
  KpiDimension,
  naapKpiReadPermission,
} from '@naap/plugin-naap-common';
import type { KpiStore } from '@naap/plugin-naap-node';
import type { Access } from '../access';
import { windowOf } from '../routes/query';

const READ = { readOnly: true, idempotent: true, destructive: false };
const GROUPS = [...KPI_FILTERS, 'hour'] as const satisfies KpiDimension[];

type Zod = Parameters<
  Parameters<ActionsRegistryService['register']>[0]['schema']['input']
>[0];

/** The window and the filters that both actions take. */
const scopeOf = (z: Zod) => ({
  from: z
    .string()
    .datetime()
    .optional()
    .describe(
      'Start of the window, ISO 8601 UTC; floored to five minutes within the last two days, else to the hour',
    ),
  to: z
    .string()
    .datetime()
    .optional()
    .describe('End of the window, not included; ceiled as from is floored'),
  filters: z
    .record(
      z.enum(KPI_FILTERS),
      z.array(z.string().max(1024).nullable()).max(100),
    )
    .default({})
    .describe('Any of these values; null means "no value"'),
});

/** An agent reads what it gets: a page of it is small. */
const pageOf = (z: Zod) => ({
  limit: z.number().int().min(1).max(1000).default(100),
  cursor: z
    .string()
    .min(1)
    .max(12_288)
    .optional()
    .describe(
      "'next' of the answer before, with the other inputs as they were",
    ),
});

const answerOf = (z: Zod) =>
  z.object({
    meta: z.record(z.unknown()),
    rows: z.array(z.record(z.unknown())),
    next: z
      .string()
      .nullable()
      .describe('Cursor of the next page; null: that is all'),
  });

/** Numbers of the network as Backstage actions, and so for agents by MCP. */
export function registerKpiActions(options: {
  access: Access;
  actions: ActionsRegistryService;
  kpiStore: Pick<KpiStore, 'kpis' | 'scores'>;
}): void {
  const { access, actions, kpiStore } = options;

  actions.register({
    name: 'get-kpis',
    title: 'Get KPIs of the network',
    description:
      'KPIs of the Livepeer AI network for a window, in all or by group: rates with their 95 % interval, latencies with n, mean and percentiles. Null means "no evidence" and is never 0; meta says how fresh the numbers are and whether the network is simulated.',
    attributes: READ,
    schema: {
      input: z =>
        z.object({
          ...scopeOf(z),
          ...pageOf(z),
          by: z.array(z.enum(GROUPS)).max(GROUPS.length).optional(),
        }),
      output: answerOf,
    },
    action: async ({ input, credentials }) => {
      await access.require(naapKpiReadPermission, credentials);
      const { meta, rows, next } = await kpiStore.kpis({
        ...input,
        ...windowOf(input),
      });
      return {
        output: { meta: { ...meta }, rows: rows.map(r => ({ ...r })), next },
      };
    },
  });

  actions.register({
    name: 'get-sla-score',
    title: 'Get SLA scores',
    description:
      'SLA scores from 0 to 100 with their interval, parts and n, one per orchestrator, model or GPU. Null means "not enough data".',
    attributes: READ,
    schema: {
      input: z =>
        z.object({
          ...scopeOf(z),
          ...pageOf(z),
          by: z.enum(['orchestrator', 'model', 'gpu']).default('orchestrator'),
        }),
      output: answerOf,
    },
    action: async ({ input, credentials }) => {
      await access.require(naapKpiReadPermission, credentials);
      const { meta, rows, next } = await kpiStore.scores({
        ...input,
        ...windowOf(input),
      });
      return {
        output: { meta: { ...meta }, rows: rows.map(r => ({ ...r })), next },
      };
    },
  });
}
