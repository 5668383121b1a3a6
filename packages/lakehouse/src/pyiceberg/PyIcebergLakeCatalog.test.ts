import {
  appendToSharedLake,
  Homes,
  resetSharedLake,
  writeLog,
} from '../__testUtils__/homes';
import type { LakePlace } from '../coordinates';
import type { LakeSettings } from '../LakeSettings';
import { LakeWorker } from '../LakeWorker';
import { lakeCatalogContract } from '../testing/lakeCatalogContract';
import type { LogAppend } from '../testing/logRows';
import { LakeCommitter } from './LakeCommitter';
import { PyIcebergLakeCatalog } from './PyIcebergLakeCatalog';
import { SharedLake } from './SharedLake';

const homes = new Homes();
const worker = new LakeWorker();
afterAll(async () => {
  await worker.stop();
  homes.removeAll();
});

/** A home whose log grows, and what is done with each state of it. */
function growingHome(onCommit: (home: string) => void) {
  const home = homes.create();
  const committer = new LakeCommitter(home, worker);
  const log: LogAppend[] = [];
  const append = async (appends: LogAppend[]) => {
    log.push(...appends);
    writeLog(home, log);
    await committer.commit();
    onCommit(home);
  };
  return { home, committer, append };
}

const catalogOf = (place: LakePlace) => new PyIcebergLakeCatalog(place, worker);

describe('of a home', () => {
  lakeCatalogContract(async () => {
    const { home, committer, append } = growingHome(() => {});
    const compact = async () => void (await committer.maintain());
    return { catalog: catalogOf({ home }), append, compact };
  });
});

/** A lake on a stack: `args.lake` of the worker, as JSON. Its tables are dropped. */
const given = process.env.NAAP_TEST_LAKE;

const testShared = (lake: LakeSettings) =>
  describe('of a lake that others share', () => {
    const shared = new SharedLake(lake, worker);
    lakeCatalogContract(async () => {
      resetSharedLake();
      const { append } = growingHome(appendToSharedLake);
      const compact = async () => void (await shared.maintain());
      return { catalog: catalogOf({ lake }), append, compact };
    });

    it('has tables as they are declared once they are made', async () => {
      const asDeclared = { events: [], quarantine: [], batches: [] };
      await shared.applyTables();
      expect(await shared.tableDrift()).toEqual(asDeclared);
      expect(await shared.applyTables()).toEqual(asDeclared);
    });
  });

if (given) testShared(JSON.parse(given));
