import {
  appendToSharedLake,
  Homes,
  resetSharedLake,
  writeLog,
} from '../__testUtils__/homes';
import { LakeWorker } from '../LakeWorker';
import { builderContract } from '../testing/builderContract';
import { acceptedRow, type LogAppend } from '../testing/logRows';
import { DbtProject } from './DbtProject';
import { DbtRunner, type SharedWarehouseSettings } from './DbtRunner';

const T0 = Date.UTC(2026, 0, 9);

/** A request that a gateway heard of. */
function request(number: number): LogAppend {
  const at = T0 + 1000 * number;
  const raw = JSON.stringify({
    id: `e${number}`,
    type: 'stream_trace',
    timestamp: String(at),
    data: {
      type: 'gateway_receive_stream_request',
      request_id: `0000000${number}`,
      stream_id: 's',
    },
  });
  const row = acceptedRow(raw, {
    at,
    subtype: 'gateway_receive_stream_request',
  });
  return { receivedAt: at, rows: [row] };
}

describe('DbtRunner', () => {
  const homes = new Homes();
  afterAll(() => homes.removeAll());

  builderContract(async () => {
    const home = homes.create();
    const worker = new LakeWorker();
    const log: LogAppend[] = [];
    return {
      builder: new DbtRunner(home, worker, new DbtProject(home)),
      async addEvent() {
        log.push(request(log.length));
        writeLog(home, log);
        await worker.call('commit', { home });
      },
      close: () => worker.stop(),
    };
  });
});

const { NAAP_TEST_LAKE: lake, NAAP_TEST_TRINO: trino } = process.env;

// Drops what that lake holds.
const testShared = (shared: SharedWarehouseSettings) =>
  describe('DbtRunner on Trino', () => {
    const homes = new Homes();
    afterAll(() => homes.removeAll());
    jest.setTimeout(20 * 60_000);

    builderContract(async () => {
      const home = homes.create();
      const worker = new LakeWorker();
      const log: LogAppend[] = [];
      resetSharedLake();
      return {
        builder: new DbtRunner(home, worker, new DbtProject(home), { shared }),
        async addEvent() {
          log.push(request(log.length));
          writeLog(home, log);
          await worker.call('commit', { home });
          appendToSharedLake(home);
        },
        close: () => worker.stop(),
      };
    });
  });

if (lake && trino) {
  testShared({ lake: JSON.parse(lake), trino: JSON.parse(trino) });
}
