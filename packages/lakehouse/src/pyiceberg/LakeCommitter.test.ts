import { Homes, writeLog } from '../__testUtils__/homes';
import { LakeCommitter } from './LakeCommitter';
import { LakeWorker } from '../LakeWorker';
import { acceptedRow } from '../testing/logRows';

const homes = new Homes();
const worker = new LakeWorker();
afterAll(async () => {
  await worker.stop();
  homes.removeAll();
});

const append = (id: string) => ({
  receivedAt: 1767952800000,
  rows: [
    acceptedRow(`{"id":"${id}","type":"stream_trace","data":{"n":1}}`, {
      at: 1767952800000,
    }),
  ],
});

it('takes what the log holds beyond the tables, each row once', async () => {
  const home = homes.create();
  const committer = new LakeCommitter(home, worker);
  writeLog(home, [append('a')]);
  await expect(committer.commit()).resolves.toMatchObject({
    committed: { events: 1, quarantine: 0, batches: 1 },
    nextOffset: 2,
  });
  writeLog(home, [append('a'), append('b')]);
  await expect(committer.commit()).resolves.toMatchObject({
    committed: { events: 1, quarantine: 0, batches: 1 },
    nextOffset: 4,
  });
});
