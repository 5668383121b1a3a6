import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import {
  naapPipelineReadPermission,
  naapStepPermissions,
  RUN_STATES,
  RUN_TRIGGERS,
  STEP_IDS,
} from '@naap/plugin-naap-common';
import { translated } from '@naap/plugin-naap-node';
import { type Access, nameOf } from '../access';
import type { RunService } from '../runs';

const READ = { readOnly: true, idempotent: true, destructive: false };

/** Runs as Backstage actions, and so for agents by MCP. Each checks the permission that its route would. */
export function registerRunActions(options: {
  access: Access;
  actions: ActionsRegistryService;
  runs: RunService;
}): void {
  const { access, actions, runs } = options;

  actions.register({
    name: 'run-step',
    title: 'Run a pipeline step',
    description: `Asks for a run of one step of the analytics pipeline and answers the run at once; get-run tells how it ended. A queued run that asks for the same is joined. Every step can be run again without harm. Steps: ${runs
      .steps()
      .map(({ id, description }) => `${id}: ${description}`)
      .join(' ')}`,
    attributes: { readOnly: false, idempotent: false, destructive: false },
    schema: {
      input: z =>
        z
          .object({
            step: z.enum(STEP_IDS),
            full: z
              .boolean()
              .optional()
              .describe(
                'build: everything anew instead of what changed; replay: also what the gate of today has judged',
              ),
            model: z
              .string()
              .min(1)
              .max(128)
              .optional()
              .describe('build: this model and its children'),
            days: z
              .array(z.string().regex(/^\d{4}-\d{2}-\d{2}$/))
              .min(1)
              .max(366)
              .optional()
              .describe('sync: only these days, YYYY-MM-DD'),
            from: z
              .string()
              .min(1)
              .max(64)
              .optional()
              .describe('replay: only what came in from then on, ISO 8601'),
            to: z
              .string()
              .min(1)
              .max(64)
              .optional()
              .describe('replay: only what came in before then, ISO 8601'),
          })
          .strict(),
      output: z => z.object({ run: z.record(z.unknown()) }),
    },
    action: async ({ input: { step, ...args }, credentials }) => {
      const startedBy = nameOf(credentials);
      const run = await access.audited(
        {
          eventId: 'run-start',
          meta: { step, arguments: args, startedBy },
        },
        async () => {
          await access.require(naapStepPermissions[step], credentials);
          return runs.start({
            step,
            arguments: args,
            trigger: 'action',
            startedBy,
          });
        },
      );
      return { output: { run: { ...run } } };
    },
  });

  actions.register({
    name: 'cancel-run',
    title: 'Cancel a pipeline run',
    description:
      'Asks for the end of a queued or running run. What it did so far stays sound; get-run tells when it has ended.',
    attributes: { readOnly: false, idempotent: true, destructive: false },
    schema: {
      input: z => z.object({ id: z.string().uuid() }),
      output: z => z.object({ run: z.record(z.unknown()) }),
    },
    action: async ({ input: { id }, credentials }) => {
      const by = nameOf(credentials);
      const run = await access.audited(
        { eventId: 'run-cancel', meta: { run: id, by } },
        async () => {
          const { step } = await runs.get(id);
          await access.require(naapStepPermissions[step], credentials);
          return runs.cancel(id, by);
        },
      );
      return { output: { run: { ...run } } };
    },
  });

  actions.register({
    name: 'get-run',
    title: 'Get a pipeline run',
    description:
      'One run of a pipeline step: state, duration, rows, error, and the last lines of its log.',
    attributes: READ,
    schema: {
      input: z => z.object({ id: z.string().uuid() }),
      output: z =>
        z.object({
          run: z.record(z.unknown()),
          log: z.array(z.record(z.unknown())),
        }),
    },
    action: async ({ input: { id }, credentials }) => {
      await access.require(naapPipelineReadPermission, credentials);
      const run = await runs.get(id);
      const log = await runs.lastLines(id);
      return { output: { run: { ...run }, log: log.map(l => ({ ...l })) } };
    },
  });

  actions.register({
    name: 'list-runs',
    title: 'List pipeline runs',
    description: 'Runs of the pipeline steps, newest first.',
    attributes: READ,
    schema: {
      input: z =>
        z.object({
          step: z.enum(STEP_IDS).optional(),
          state: z.array(z.enum(RUN_STATES)).min(1).optional(),
          trigger: z.array(z.enum(RUN_TRIGGERS)).min(1).optional(),
          limit: z.number().int().min(1).max(100).default(20),
          offset: z.number().int().min(0).max(10_000).default(0),
          cursor: z.string().min(1).max(12_288).optional(),
        }),
      output: z =>
        z.object({
          total: z.number(),
          rows: z.array(z.record(z.unknown())),
          next: z.string().nullable(),
        }),
    },
    action: async ({ input, credentials }) => {
      await access.require(naapPipelineReadPermission, credentials);
      const { total, rows, next } = await translated(runs.list(input));
      return { output: { total, rows: rows.map(run => ({ ...run })), next } };
    },
  });
}
