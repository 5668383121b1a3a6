import { DefaultSchedulerService } from '@backstage/backend-defaults/scheduler';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { NotAllowedError, toError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import PromiseRouter from 'express-promise-router';
import { schedulerPermission } from './permissionPolicy';

const ROUTES = '/.backstage/scheduler';

/**
 * Backstage's own, whose routes every plugin has, and which lets in whoever has a token: here they need
 * `portal.scheduler`, and what they change is audited. They come after the plugin's routes, so that a plugin may answer
 * for its own tasks.
 */
export const schedulerServiceFactory = createServiceFactory({
  service: coreServices.scheduler,
  deps: {
    auditor: coreServices.auditor,
    database: coreServices.database,
    httpAuth: coreServices.httpAuth,
    httpRouter: coreServices.httpRouter,
    lifecycle: coreServices.lifecycle,
    logger: coreServices.logger,
    metrics: metricsServiceRef,
    permissions: coreServices.permissions,
    pluginMetadata: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
  },
  factory(services) {
    const { auditor, httpAuth, httpRouter, lifecycle, permissions } = services;
    const guard = PromiseRouter();
    guard.use(ROUTES, async (req, res, next) => {
      const audit =
        req.method === 'GET'
          ? undefined
          : await auditor.createEvent({
              eventId: 'scheduler-change',
              request: req,
              severityLevel: 'medium',
              meta: { path: req.path },
            });
      try {
        const [{ result }] = await permissions.authorize(
          [{ permission: schedulerPermission }],
          { credentials: await httpAuth.credentials(req) },
        );
        if (result !== AuthorizeResult.ALLOW) {
          throw new NotAllowedError(
            `This needs the permission ${schedulerPermission.name}`,
          );
        }
      } catch (error) {
        await audit?.fail({ error: toError(error) });
        throw error;
      }
      res.once('finish', () => {
        if (res.statusCode < 400) audit?.success();
        else audit?.fail({ error: new Error(`Status ${res.statusCode}`) });
      });
      next();
    });
    httpRouter.use(guard);
    return DefaultSchedulerService.create({
      ...services,
      httpRouter: {
        addAuthPolicy: policy => httpRouter.addAuthPolicy(policy),
        use: routes => {
          lifecycle.addStartupHook(() => httpRouter.use(routes));
        },
      },
    });
  },
});
