import type { LakeSettings } from '../LakeSettings';
import type { LakeWorker } from '../LakeWorker';
import type { TrinoSettings } from '../TrinoSettings';
import { WorkerGoldSource } from '../WorkerGoldSource';

/**
 * Gold in a lake that machines share: what is given of it are tables at the snapshots of one build, for ClickHouse to read
 * itself, counted and summed by Trino. Nobody waits for anybody.
 */
export class LakeGoldSource extends WorkerGoldSource {
  constructor(
    place: { lake: LakeSettings; trino: TrinoSettings },
    worker: Pick<LakeWorker, 'call'>,
  ) {
    super(worker, place, async () => async () => {});
  }
}
