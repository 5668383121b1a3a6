import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { allPages } from '@naap/plugin-naap-common';
import {
  EventLog,
  EventLogBus,
  logOffset,
  readScraperSettings,
  scraperOf,
} from '@naap/ingestion';
import { LakeReplay } from '@naap/lakehouse';
import {
  lakeWorkerServiceRef,
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { httpBus } from './httpBus';
import { ingestionLineage } from './lineage';
import { replayStep } from './replayStep';
import { scrapeCounters } from './scrapeCounters';
import { scrapeStep } from './scrapeStep';

/** A CLI command that has the log lets it go within seconds. */
const WAIT_MS = 10_000;

/** Ingestion of the embedded profile: the event log, and the scraper that publishes to it. */
export const naapModuleIngestion = createBackendModule({
  pluginId: 'naap',
  moduleId: 'ingestion',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lineage: naapLineageExtensionPoint,
        services: naapServicesExtensionPoint,
        steps: naapStepsExtensionPoint,
        worker: lakeWorkerServiceRef,
      },
      async init({ config, lineage, services, steps, worker }) {
        // Before the log is opened: a wrong setting stops the start.
        const settings = readScraperSettings(
          config.getOptional('naap.scraper'),
        );
        const home = readNaapHome(config);
        const scraper = scraperOf(settings, home);
        const log = await EventLog.open(home, { waitMs: WAIT_MS });
        const bus = new EventLogBus(log, append => services.appended(append));
        services.setEventBus(httpBus(bus));
        services.setStorage(() => log.room());
        services.onCommitted(lake =>
          log.removeSegmentsBefore(Number(logOffset(lake))),
        );
        services.onClose(() => log.close());
        lineage.addSource(ingestionLineage(config, bus));
        steps.addStep(
          scrapeStep({
            settings,
            scraper,
            reported: async () => {
              const pages = await allPages(cursor =>
                services.kpiStore().inventory({ cursor }),
              );
              return pages.flatMap(({ orchestrators }) => orchestrators);
            },
            append: (lines, source) => bus.append(lines, source),
          }),
        );
        steps.addStep(replayStep(home, log, new LakeReplay(home, worker)));
        scrapeCounters(scraper.metrics).forEach(counter =>
          services.addCounter(counter),
        );
      },
    });
  },
});
