import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { naapPermissions } from '@naap/plugin-naap-common';
import {
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  type PipelineStep,
} from '@naap/plugin-naap-node';
import { Readable } from 'node:stream';
import { Access } from './access';
import { registerKpiActions, registerRunActions } from './actions';
import { readNaapConfig } from './config';
import { Lineage, LineageSources } from './lineage';
import { Loop, PipelineState, ServedLatency, StepRunner } from './loop';
import { Metrics } from './metrics';
import { createRouter } from './router';
import { PUBLIC_PATHS } from './routes/publicRouter';
import { Sources } from './routes/sources';
import {
  openLineageSender,
  readPipelineConfig,
  RunEvents,
  RunExecutor,
  RunExecutors,
  RunService,
  RunStore,
  Schedules,
} from './runs';
import { NaapModules } from './services';

/** Sources of events and readers of the public API are no users of the portal. */
const OPEN_PATHS = ['/events', '/health', '/openapi.json', ...PUBLIC_PATHS];

/** How long a stop waits for the running step before it aborts it. */
const STOP_GRACE_MS = 5_000;

/** API, steps and loop of the platform. */
export const naapPlugin = createBackendPlugin({
  pluginId: 'naap',
  register(env) {
    const modules = new NaapModules();
    const lineageSources = new LineageSources();
    env.registerExtensionPoint(naapLineageExtensionPoint, lineageSources);
    env.registerExtensionPoint(naapServicesExtensionPoint, modules);
    env.registerExtensionPoint(naapStepsExtensionPoint, modules);

    env.registerInit({
      deps: {
        actions: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootHttpRouter: coreServices.rootHttpRouter,
        scheduler: coreServices.scheduler,
      },
      async init({
        actions,
        auditor,
        auth,
        config,
        database,
        discovery,
        httpAuth,
        httpRouter,
        lifecycle,
        logger,
        permissions,
        permissionsRegistry,
        rootHttpRouter,
        scheduler,
      }) {
        const { sources, loopIntervalSeconds, publicApi, metricsEnabled } =
          readNaapConfig(config);
        const pipeline = readPipelineConfig(config);
        const { steps } = modules;
        const { eventSink, kpiStore, lakeReader } = modules.services();
        const logEnd = () => eventSink.nextOffset();

        const latency = new ServedLatency();
        eventSink.onAppend(append => latency.appended(append));
        const state = new PipelineState(new Set(steps.keys()));
        const inOrder = new StepRunner({
          state,
          logEnd,
          onCommitted: offset =>
            eventSink
              .release(offset)
              .catch(error =>
                logger.warn('The event log keeps what it could drop', error),
              ),
          onServed: (offset, at) => latency.served(offset, at),
        });

        const store = await RunStore.create(database);
        const events = new RunEvents();
        const executor = (of: PipelineStep[], runner: StepRunner) =>
          new RunExecutor({
            store,
            steps: new Map(of.map(step => [step.id, step])),
            runner,
            events,
            logger,
            leaseMs: pipeline.leaseMs,
          });
        // Steps that touch nothing of the others run beside them, and beside each other.
        const all = [...steps.values()];
        const executors = new RunExecutors([
          executor(
            all.filter(({ independent }) => !independent),
            inOrder,
          ),
          ...all
            .filter(({ independent }) => independent)
            .map(step => executor([step], StepRunner.independent(logEnd))),
        ]);
        await executors.recoverOwn();
        const runs = new RunService({
          store,
          steps,
          executor: executors,
          events,
          storage: () => eventSink.storage(),
        });
        const schedules = new Schedules({
          schedules: pipeline.schedules,
          auth,
          discovery,
          logger,
        });
        const lineage = new Lineage({
          sources: lineageSources,
          lastRuns: () => runs.lastRuns(),
          logger,
        });
        if (pipeline.openLineageUrl) {
          events.onRun(
            openLineageSender({
              url: pipeline.openLineageUrl,
              lineage: () => lineage.read(),
              logger,
            }),
          );
        }
        const loop = new Loop({
          run: step => runs.runForLoop(step),
          state,
          logEnd,
          onServed: (offset, at) => latency.served(offset, at),
          logger,
        });

        const access = new Access({ auditor, permissions });
        registerRunActions({ access, actions, runs });
        registerKpiActions({ access, actions, kpiStore });

        const metrics = new Metrics({
          watermark: async () => (await kpiStore.state()).watermark,
          eventToServedP95Ms: () => latency.p95(),
          runsQueued: () => runs.queued(),
        });
        events.onRun(run => metrics.run(run));
        modules.counters.forEach(counter => metrics.count(counter));
        if (metricsEnabled) rootHttpRouter.use('/metrics', metrics.page);

        permissionsRegistry.addPermissions(naapPermissions);
        httpRouter.use(
          createRouter({
            access,
            auth,
            health: {
              events: () => eventSink.ingest(Readable.from([]), 'health'),
              kpis: () => kpiStore.state(),
              database: () => runs.queued(),
            },
            httpAuth,
            kpiStore,
            lakeReader,
            lineage,
            logger,
            loop: () => ({
              eventToServedP95Ms: latency.p95(),
              loop: state.snapshot(),
            }),
            metrics,
            onIngested: answer => metrics.ingested(answer),
            publicApi,
            runs,
            schedules,
            sink: eventSink,
            sources: new Sources(sources),
          }),
        );
        // What checks tokens itself, if any.
        for (const path of OPEN_PATHS) {
          httpRouter.addAuthPolicy({
            path: `/v1${path}`,
            allow: 'unauthenticated',
          });
        }

        lifecycle.addShutdownHook(async () => {
          await executors.stop(STOP_GRACE_MS);
          runs.stop();
          await modules.close();
        });
        await schedules.start(scheduler, runs);
        await scheduler.scheduleTask({
          id: 'naap-loop',
          scope: 'local',
          frequency: { seconds: loopIntervalSeconds },
          timeout: { minutes: 1 },
          fn: async () => {
            await executors.tick();
            // A round takes as long as its runs; the next ticks find it on.
            loop.round();
          },
        });
        await scheduler.scheduleTask({
          id: 'naap-prune-runs',
          frequency: { hours: 1 },
          initialDelay: { minutes: 5 },
          timeout: { minutes: 1 },
          fn: () => runs.prune(),
        });
      },
    });
  },
});
