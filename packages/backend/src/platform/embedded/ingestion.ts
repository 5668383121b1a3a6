import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { EventLog, EventLogBus, logOffset, replay } from '@naap/ingestion';
import { LakeReplay } from '@naap/lakehouse';
import { ingestionServiceRef, readNaapHome } from '@naap/plugin-naap-node';
import { intakeOf, kafkaSourceOf } from './kafka';
import { workerServiceRef } from '../worker';

/** A CLI command that has the log lets it go within seconds. */
const WAIT_MS = 10_000;

/** The event log, and the topics of Kafka that are read into it. */
export const ingestionServiceFactory = createServiceFactory({
  service: ingestionServiceRef,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.logger,
    worker: workerServiceRef,
  },
  async factory({ config, logger, worker }) {
    const home = readNaapHome(config);
    const log = await EventLog.open(home, { waitMs: WAIT_MS });
    const bus = new EventLogBus(log);
    const kafka = kafkaSourceOf({ config, log, logger });
    kafka?.start();
    const lake = new LakeReplay(home, worker);
    return {
      bus,
      append: (messages, source) => bus.append(messages, source),
      ...(kafka && { kafka: () => intakeOf(kafka) }),
      storage: () => log.room(),
      release: below => log.removeSegmentsBefore(Number(logOffset(below))),
      replay: (options, onProgress) => replay(log, lake, options, onProgress),
      async close() {
        await kafka?.stop();
        await log.close();
      },
    };
  },
});
