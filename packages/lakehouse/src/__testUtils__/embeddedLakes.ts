import { LakeCommitter } from '../pyiceberg/LakeCommitter';
import { LakeWorker } from '../LakeWorker';
import { openLake } from '../embedded/openLake';
import type { LakeUnderTest } from '../testing/LakeUnderTest';
import type { LogAppend } from '../testing/logRows';
import { Homes, writeLog, writePartition } from './homes';

/** Lakes of the embedded profile in temporary homes; `close` belongs into `afterAll`. */
export class EmbeddedLakes {
  readonly #homes = new Homes();
  readonly #worker = new LakeWorker();
  readonly #opened: LakeUnderTest[] = [];

  readonly open = async (): Promise<LakeUnderTest> => {
    const home = this.#homes.create();
    const committer = new LakeCommitter(home, this.#worker);
    const log: LogAppend[] = [];
    const lake: LakeUnderTest = {
      ...openLake(home),
      append: async (appends, partition = 0) => {
        if (partition > 0) {
          writePartition(home, partition, appends);
          return;
        }
        log.push(...appends);
        writeLog(home, log);
        await committer.commit();
      },
      compact: async () => {
        await committer.maintain();
      },
    };
    this.#opened.push(lake);
    return lake;
  };

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(({ reader }) => reader.close()));
    await this.#worker.stop();
    this.#homes.removeAll();
  }
}
