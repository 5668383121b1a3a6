import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { naapPermissions } from '@naap/plugin-naap-common';
import {
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
} from '@naap/plugin-naap-node';
import { readNaapConfig } from './config';
import { Loop, PipelineState, ServedLatency, StepRunner } from './loop';
import { createRouter } from './router';
import { Sources } from './routes/sources';
import { NaapModules } from './services';

/** How long a stop waits for the running step before it aborts it. */
const STOP_GRACE_MS = 5_000;

/** API, steps and loop of the platform. */
export const naapPlugin = createBackendPlugin({
  pluginId: 'naap',
  register(env) {
    const modules = new NaapModules();
    env.registerExtensionPoint(naapServicesExtensionPoint, modules);
    env.registerExtensionPoint(naapStepsExtensionPoint, modules);

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
      },
      async init({
        auditor,
        config,
        httpAuth,
        httpRouter,
        lifecycle,
        logger,
        permissions,
        permissionsRegistry,
        scheduler,
      }) {
        const { sources, loopIntervalSeconds } = readNaapConfig(config);
        const { steps } = modules;
        const { eventSink, kpiStore, lakeReader } = modules.services();
        const logEnd = () => eventSink.nextOffset();

        const latency = new ServedLatency();
        eventSink.onAppend(append => latency.appended(append));
        const state = new PipelineState(new Set(steps.keys()), Date.now());
        const runner = new StepRunner({
          steps,
          state,
          logEnd,
          onCommitted: offset =>
            eventSink
              .release(offset)
              .catch(error =>
                logger.warn('The event log keeps what it could drop', error),
              ),
          onServed: (offset, at) => latency.served(offset, at),
          logger,
        });
        const loop = new Loop({ runner, state, logEnd });

        permissionsRegistry.addPermissions(naapPermissions);
        httpRouter.use(
          createRouter({
            auditor,
            httpAuth,
            kpiStore,
            lakeReader,
            logger,
            loop: () => ({
              eventToServedP95Ms: latency.p95(),
              loop: state.snapshot(),
            }),
            permissions,
            runner,
            sink: eventSink,
            sources: new Sources(sources),
          }),
        );
        // Sources are no users of the portal: the route checks their tokens itself.
        httpRouter.addAuthPolicy({
          path: '/v1/events',
          allow: 'unauthenticated',
        });

        lifecycle.addShutdownHook(async () => {
          await runner.stop(STOP_GRACE_MS);
          await modules.close();
        });
        await scheduler.scheduleTask({
          id: 'naap-loop',
          scope: 'local',
          frequency: { seconds: loopIntervalSeconds },
          timeout: { hours: 1 },
          fn: signal => loop.round(signal),
        });
      },
    });
  },
});
