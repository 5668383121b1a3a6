import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { allPages } from '@naap/plugin-naap-common';
import { readScraperSettings, scraperOf } from '@naap/ingestion';
import {
  ingestionServiceRef,
  kpiStoreServiceRef,
  lakehouseServiceRef,
  naapLineageExtensionPoint,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { kafkaGauges } from './kafkaGauges';
import { ingestionLineage } from './lineage';
import { replayStep } from './replayStep';
import { scrapeCounters } from './scrapeCounters';
import { scrapeStep } from './scrapeStep';

/** Ingestion: the scraper, `scrape` and `replay`, and who brings events in the lineage. */
export const naapModuleIngestion = createBackendModule({
  pluginId: 'naap',
  moduleId: 'ingestion',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        ingestion: ingestionServiceRef,
        kpiStore: kpiStoreServiceRef,
        lake: lakehouseServiceRef,
        lineage: naapLineageExtensionPoint,
        services: naapServicesExtensionPoint,
        steps: naapStepsExtensionPoint,
      },
      async init({
        config,
        ingestion,
        kpiStore,
        lake,
        lineage,
        services,
        steps,
      }) {
        const settings = readScraperSettings(
          config.getOptional('naap.scraper'),
        );
        const scraper = scraperOf(settings, readNaapHome(config));
        services.onCommitted(positions => ingestion.release(positions));
        services.onClose(() => ingestion.close());
        lineage.addSource(ingestionLineage(config, ingestion.bus));
        steps.addStep(
          scrapeStep({
            settings,
            scraper,
            reported: async () => {
              const pages = await allPages(cursor =>
                kpiStore.inventory({ cursor }),
              );
              return pages.flatMap(({ orchestrators }) => orchestrators);
            },
            append: (lines, source) => ingestion.append(lines, source),
          }),
        );
        steps.addStep(replayStep(ingestion, lake.catalog));
        scrapeCounters(scraper.metrics).forEach(counter =>
          services.addCounter(counter),
        );
        if (ingestion.kafka) {
          services.setKafka(ingestion.kafka);
          kafkaGauges(ingestion.kafka).forEach(gauge =>
            services.addCounter(gauge),
          );
        }
      },
    });
  },
});
