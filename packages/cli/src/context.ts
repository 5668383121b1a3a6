import {
  type Builder,
  DbtProject,
  DbtRunner,
  DuckDbGoldSource,
  LakeWorker,
} from '@naap/lakehouse';
import { closeHome } from '@naap/system';
import { isAbsolute, resolve } from 'node:path';
import { UsageError } from './errors';
import { findPortal, RunningPortal } from './portal';
import { removeStaleRecord } from './portalRecord';

/** What every command knows: where the code and the state are, and whether a portal owns the state now. */
export interface Context {
  root: string;
  home: string;
  /** Set while `naap up` runs on this home: commands go through it. */
  portal: RunningPortal | null;
}

export interface GlobalOptions {
  profile: string;
}

/**
 * @throws UsageError when a variable is missing or the profile is not one of ours
 */
export async function createContext(options: GlobalOptions): Promise<Context> {
  if (options.profile !== 'embedded') {
    throw new UsageError(
      options.profile === 'distributed'
        ? 'the distributed profile is not part of this version yet; use --profile embedded'
        : `no profile "${options.profile}": use embedded`,
    );
  }
  const root = process.env.NAAP_ROOT;
  if (!root) {
    throw new UsageError('start this through ./naap, which sets NAAP_ROOT');
  }
  const configured = process.env.NAAP_HOME || '.naap';
  const home = isAbsolute(configured) ? configured : resolve(root, configured);
  await closeHome(home);
  const portal = await findPortal(home);
  if (!portal && (await removeStaleRecord(home))) {
    process.stderr.write(
      `run/portal.json in ${home} was stale, left by a start that was killed: removed\n`,
    );
  }
  return { root, home, portal };
}

/** The layers that this process owns itself while no portal runs. */
export class LocalLake {
  readonly worker = new LakeWorker();
  readonly builder: Builder;
  readonly gold: DuckDbGoldSource;

  constructor(readonly home: string) {
    this.builder = new DbtRunner(home, this.worker, new DbtProject(home));
    this.gold = new DuckDbGoldSource(home, this.worker);
  }

  async close(): Promise<void> {
    await this.worker.stop();
  }
}
