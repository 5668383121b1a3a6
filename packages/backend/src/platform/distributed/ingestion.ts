import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { connectKafka, KafkaBus, replay, TOPIC } from '@naap/ingestion';
import { LakeReplay } from '@naap/lakehouse';
import {
  ingestionServiceRef,
  readKafkaCluster,
  readLakeSettings,
  readNaapHome,
} from '@naap/plugin-naap-node';
import { freeBytes } from '@naap/system';
import { mkdir } from 'node:fs/promises';
import { workerServiceRef } from '../worker';

/** The gate remembers no message that it let through. */
const gate = { reindex: async () => {} };

/** The topic of raw messages, which the gate reads; from there they get into the lake by themselves. */
export const ingestionServiceFactory = createServiceFactory({
  service: ingestionServiceRef,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.logger,
    worker: workerServiceRef,
  },
  async factory({ config, logger, worker }) {
    const home = readNaapHome(config);
    await mkdir(home, { recursive: true });
    const bus = await KafkaBus.open(
      connectKafka(readKafkaCluster(config), logger),
      TOPIC,
    );
    const lake = new LakeReplay(home, worker, readLakeSettings(config));
    return {
      bus,
      append: (messages, source) => bus.append(messages, source),
      async storage() {
        // Steps work in the home; events are kept by the broker, which says itself when it takes no more.
        return { freeBytes: await freeBytes(home), full: false };
      },
      // The topic forgets by its own rules.
      release: async () => {},
      replay: (options, onProgress) => replay(gate, lake, options, onProgress),
      close: () => bus.close(),
    };
  },
});
