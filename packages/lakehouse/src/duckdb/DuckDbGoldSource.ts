import type { LakeWorker } from '../LakeWorker';
import { holdIn } from '../rights';
import { WorkerGoldSource } from '../WorkerGoldSource';

/**
 * Gold in the DuckDB file of one home. The file holds one build: whoever wants to make the next waits until the snapshot
 * is disposed of, and a snapshot until a build is done; it rejects with a LockedError when that takes over ten minutes.
 */
export class DuckDbGoldSource extends WorkerGoldSource {
  constructor(home: string, worker: LakeWorker) {
    super(worker, { home }, async () => {
      const held = await holdIn(home, 'warehouse');
      return () => held.release();
    });
  }
}
