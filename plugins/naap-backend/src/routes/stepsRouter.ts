import type {
  AuditorService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, toError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  naapStepPermissions,
  StepAnswer,
  StepId,
} from '@naap/plugin-naap-common';
import type { StepOptions } from '@naap/plugin-naap-node';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { StepRunner } from '../loop';

/** `POST /steps/{step}`: a step, run now, for who has the step's permission (service principals do). */
export function createStepsRouter(options: {
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  runner: Pick<StepRunner, 'run'>;
}): Router {
  const { auditor, httpAuth, permissions, runner } = options;
  const router = PromiseRouter();

  router.post<
    '/steps/:step',
    { step: StepId },
    StepAnswer,
    StepOptions | undefined
  >('/steps/:step', async (req, res) => {
    const { step } = req.params;
    const audit = await auditor.createEvent({
      eventId: 'step-run',
      severityLevel: 'medium',
      request: req,
      meta: { step, full: req.body?.full ?? false },
    });
    try {
      const permission = naapStepPermissions[step];
      const [decision] = await permissions.authorize([{ permission }], {
        credentials: await httpAuth.credentials(req),
      });
      if (decision.result !== AuthorizeResult.ALLOW) {
        throw new NotAllowedError(
          `Running '${step}' needs the permission ${permission.name}`,
        );
      }
      res.json(await runner.run(step, { full: req.body?.full }));
      await audit.success();
    } catch (error) {
      await audit.fail({ error: toError(error) });
      throw error;
    }
  });

  return router;
}
