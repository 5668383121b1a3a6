import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { naapPermissions } from '@naap/plugin-naap-common';
import {
  eventBusServiceRef,
  kpiStoreServiceRef,
  lakeReaderServiceRef,
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  storageServiceRef,
} from '@naap/plugin-naap-node';
import { Access } from './access';
import { registerKpiActions, registerRunActions } from './actions';
import { readNaapConfig } from './config';
import { createPipeline } from './createPipeline';
import { openDatabase } from './database';
import { Lineage, LineageSources } from './lineage';
import { Metrics } from './metrics';
import { createRouter } from './router';
import { PUBLIC_PATHS } from './routes/publicRouter';
import { Sources } from './routes/sources';
import {
  openLineageSender,
  readPipelineConfig,
  RunStore,
  Schedules,
} from './runs';
import { NaapModules } from './services';

/** Sources of events and readers of the public API are no users of the portal. */
const OPEN_PATHS = ['/events', '/health', '/openapi.json', ...PUBLIC_PATHS];

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
        eventBus: eventBusServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        kpiStore: kpiStoreServiceRef,
        lakeReader: lakeReaderServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootHttpRouter: coreServices.rootHttpRouter,
        scheduler: coreServices.scheduler,
        storage: storageServiceRef,
      },
      async init({
        actions,
        auditor,
        auth,
        config,
        database,
        discovery,
        eventBus,
        httpAuth,
        httpRouter,
        kpiStore,
        lakeReader,
        lifecycle,
        logger,
        permissions,
        permissionsRegistry,
        rootHttpRouter,
        scheduler,
        storage,
      }) {
        const { sources, loopIntervalSeconds, publicApi, metricsEnabled } =
          readNaapConfig(config);
        const pipeline = readPipelineConfig(config);
        const { steps } = modules;
        const { runs, events, state, tick, stop } = await createPipeline({
          steps,
          bus: eventBus,
          store: new RunStore(await openDatabase(database)),
          storage,
          onCommitted: lake => modules.committed(lake),
          executes: pipeline.executes,
          leaseMs: pipeline.leaseMs,
          logger,
        });
        const schedules = new Schedules({
          schedules: pipeline.schedules,
          auth,
          discovery,
          logger,
        });
        const lineage = new Lineage({
          sources: lineageSources,
          lastRuns: of => runs.lastRuns(of),
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

        const access = new Access({ auditor, permissions });
        registerRunActions({ access, actions, runs });
        registerKpiActions({ access, actions, kpiStore });

        const metrics = new Metrics({
          served: () => kpiStore.state(),
          messages: async () => {
            const { meta, total } = await kpiStore.ingestStats({ limit: 0 });
            return meta.build && total;
          },
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
            connectors: modules.connectors,
            health: {
              events: () => eventBus.check(),
              kpis: () => kpiStore.state(),
              database: () => runs.queued(),
            },
            httpAuth,
            kafka: modules.kafka,
            kpiStore,
            lakeReader,
            lineage,
            logger,
            loop: state,
            metrics,
            publicApi,
            runs,
            schedules,
            bus: eventBus,
            sources: new Sources(sources),
            storage,
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
          await stop();
          await modules.close();
        });
        await schedules.start(scheduler, runs);
        await scheduler.scheduleTask({
          id: 'naap-loop',
          scope: 'local',
          frequency: { seconds: loopIntervalSeconds },
          timeout: { minutes: 1 },
          fn: tick,
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
