import {
  appendToSharedLake,
  Homes,
  resetSharedLake,
  writeLog,
  writePartition,
} from '../__testUtils__/homes';
import type { LakeSettings } from '../LakeSettings';
import { LakeWorker } from '../LakeWorker';
import { LakeCommitter } from '../pyiceberg/LakeCommitter';
import { PyIcebergLakeCatalog } from '../pyiceberg/PyIcebergLakeCatalog';
import { SharedLake } from '../pyiceberg/SharedLake';
import { bronzeReaderContract } from '../testing/bronzeReaderContract';
import type { LogAppend } from '../testing/logRows';
import type { TrinoSettings } from '../TrinoSettings';
import { FakeTrino, failure, lastPage, page } from './__testUtils__/FakeTrino';
import { TrinoBronzeReader } from './TrinoBronzeReader';
import { TrinoClient } from './TrinoClient';

describe('a Trino that says what a test wants', () => {
  const fake = new FakeTrino();
  let trino: TrinoClient;
  beforeAll(async () => {
    const url = await fake.listen();
    trino = new TrinoClient({ url, user: 'naap', catalog: 'lake' });
  });
  afterAll(async () => {
    await trino.close();
    await fake.close();
  });

  it.each(['TABLE_NOT_FOUND', 'SCHEMA_NOT_FOUND'])(
    'is asked for a table that is not there yet (%s): it is empty',
    async code => {
      fake.answers(page(), failure('USER_ERROR', code));
      expect(await new TrinoBronzeReader(trino).sources()).toEqual([]);
    },
  );

  it('fails as Trino fails', async () => {
    fake.answers(page(), failure('USER_ERROR', 'PERMISSION_DENIED'));
    await expect(new TrinoBronzeReader(trino).sources()).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
  });

  it('is asked for the days of a window only, and never for a text in the statement', async () => {
    fake.answers(lastPage());
    await new TrinoBronzeReader(trino).rawEvents({
      requestId: "r1' OR '1'='1",
      from: '2026-01-09T00:00:00Z',
      to: '2026-01-10T00:00:00Z',
      limit: 10,
    });
    const { body } = fake.asked[fake.asked.length - 1];
    expect(body).toMatch(/^EXECUTE IMMEDIATE 'SELECT [^']*' USING /);
    expect(body).toContain('envelope_time >= ? AND envelope_time < ?');
    expect(body).toMatch(
      /USING 'r1'' OR ''1''=''1', TIMESTAMP '2026-01-09 00:00:00.000 UTC', TIMESTAMP '2026-01-10 00:00:00.000 UTC', 11$/,
    );
  });
});

/** A lake on a stack, and a Trino that reads it: `args.lake` and `args.trino` of the worker, as JSON. Its tables are dropped. */
const { NAAP_TEST_LAKE: lake, NAAP_TEST_TRINO: trino } = process.env;

const testReal = (lakeSettings: LakeSettings, trinoSettings: TrinoSettings) =>
  describe('a real Trino', () => {
    const homes = new Homes();
    const worker = new LakeWorker();
    const client = new TrinoClient(trinoSettings);
    afterAll(async () => {
      await client.close();
      await worker.stop();
      homes.removeAll();
    });

    bronzeReaderContract(async () => {
      resetSharedLake();
      const home = homes.create();
      const committer = new LakeCommitter(home, worker);
      const shared = new SharedLake(lakeSettings, worker);
      const log: LogAppend[] = [];
      return {
        catalog: new PyIcebergLakeCatalog({ lake: lakeSettings }, worker),
        reader: new TrinoBronzeReader(client),
        append: async (appends, partition = 0) => {
          if (partition > 0) {
            writePartition(home, partition, appends);
          } else {
            log.push(...appends);
            writeLog(home, log);
            await committer.commit();
          }
          appendToSharedLake(home);
        },
        compact: async () => void (await shared.maintain()),
      };
    });
  });

if (lake && trino) testReal(JSON.parse(lake), JSON.parse(trino));
