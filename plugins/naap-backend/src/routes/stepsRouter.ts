import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  naapPipelineReadPermission,
  naapStepPermissions,
  StepAnswer,
  StepArguments,
  StepId,
  StepInfo,
  StepListAnswer,
  StepPlan,
} from '@naap/plugin-naap-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { type Access, nameOf } from '../access';
import type { RunService, Schedules } from '../runs';

/** Steps: how each stands, what a run would touch, and a run that is waited for. */
export function createStepsRouter(options: {
  access: Access;
  httpAuth: HttpAuthService;
  runs: RunService;
  schedules: Pick<Schedules, 'nextRuns'>;
}): Router {
  const { access, httpAuth, runs, schedules } = options;
  const router = PromiseRouter();

  router.get<'/steps', {}, StepListAnswer>('/steps', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    await access.require(naapPipelineReadPermission, credentials);
    const steps = runs.steps();
    const [mayRun, nextRuns] = await Promise.all([
      access.has(
        steps.map(({ id }) => naapStepPermissions[id]),
        credentials,
      ),
      schedules.nextRuns(),
    ]);
    const rows = await Promise.all(
      steps.map(
        async (step, i): Promise<StepInfo> => ({
          id: step.id,
          title: step.title,
          description: step.description,
          component: step.component ?? null,
          parameters: step.parameters,
          permission: naapStepPermissions[step.id].name,
          mayRun: mayRun[i],
          ...(await runs.standing(step.id)),
          nextRunAt: nextRuns[step.id] ?? null,
        }),
      ),
    );
    res.json({ rows });
  });

  router.post<
    '/steps/:step/plan',
    { step: StepId },
    StepPlan,
    StepArguments | undefined
  >('/steps/:step/plan', async (req, res) => {
    const { step } = req.params;
    const args = req.body ?? {};
    const meta = { step, arguments: { ...args } };
    const plan = await access.audited(
      { eventId: 'step-plan', request: req, meta },
      async () => {
        await access.require(
          naapStepPermissions[step],
          await httpAuth.credentials(req),
        );
        return runs.plan(step, args);
      },
    );
    res.json(plan);
  });

  router.post<
    '/steps/:step',
    { step: StepId },
    StepAnswer,
    StepArguments | undefined
  >('/steps/:step', async (req, res) => {
    const { step } = req.params;
    const args = req.body ?? {};
    const meta = { step, arguments: { ...args } };
    const answer = await access.audited(
      { eventId: 'step-run', request: req, meta },
      async () => {
        const credentials = await httpAuth.credentials(req);
        await access.require(naapStepPermissions[step], credentials);
        const run = await runs.start({
          step,
          arguments: args,
          trigger: 'manual',
          startedBy: nameOf(credentials),
        });
        return runs.answer(run.id);
      },
    );
    res.json(answer);
  });

  return router;
}
