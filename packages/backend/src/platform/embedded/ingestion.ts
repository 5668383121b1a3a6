import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { EventLog, EventLogBus, logOffset, replay } from '@naap/ingestion';
import { LakeReplay } from '@naap/lakehouse';
import { ingestionServiceRef, readNaapHome } from '@naap/plugin-naap-node';
import { workerServiceRef } from './lakehouse';

/** A CLI command that has the log lets it go within seconds. */
const WAIT_MS = 10_000;

/** The event log. */
export const ingestionServiceFactory = createServiceFactory({
  service: ingestionServiceRef,
  deps: { config: coreServices.rootConfig, worker: workerServiceRef },
  async factory({ config, worker }) {
    const home = readNaapHome(config);
    const log = await EventLog.open(home, { waitMs: WAIT_MS });
    const bus = new EventLogBus(log);
    const lake = new LakeReplay(home, worker);
    return {
      bus,
      append: (messages, source) => bus.append(messages, source),
      storage: () => log.room(),
      release: below => log.removeSegmentsBefore(Number(logOffset(below))),
      replay: (options, onProgress) => replay(log, lake, options, onProgress),
      close: () => log.close(),
    };
  },
});
