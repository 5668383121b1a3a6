import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { naapStepPermissions } from '@naap/plugin-naap-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { type Access, nameOf } from '../access';
import { type RunService, type Schedules } from '../runs';

/**
 * The scheduler's own route to trigger a task, for the tasks that run steps: the run is asked for here, so that it says
 * by whom and not that the clock did. Other tasks are left to the scheduler.
 */
export function createSchedulesRouter(options: {
  access: Access;
  httpAuth: HttpAuthService;
  runs: Pick<RunService, 'start'>;
  schedules: Pick<Schedules, 'stepOf'>;
}): Router {
  const { access, httpAuth, runs, schedules } = options;
  const router = PromiseRouter();

  router.post(
    '/.backstage/scheduler/v1/tasks/:task/trigger',
    async (req, res, next) => {
      const { task } = req.params;
      const step = schedules.stepOf(task);
      if (!step) {
        next();
        return;
      }
      await access.audited(
        { eventId: 'run-start', request: req, meta: { step, task } },
        async () => {
          const credentials = await httpAuth.credentials(req);
          await access.require(naapStepPermissions[step], credentials);
          return runs.start({
            step,
            trigger: 'manual',
            startedBy: nameOf(credentials),
          });
        },
      );
      res.status(200).end();
    },
  );

  return router;
}
