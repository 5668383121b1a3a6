import type { LakeWorker } from './LakeWorker';
import { exclusivelyIn } from './rights';

/** What a build did. */
export interface BuildResult {
  /** The build that gold is of; null before the first. */
  buildId: string | null;
  /** Whether gold was made anew from all of bronze. */
  full: boolean;
  /** Why there was nothing to do, else null. */
  skipped: 'no_events' | 'nothing_new' | null;
  /** ISO 8601; null before the first build. */
  watermark: string | null;
  tests: { passed: number; failed: number; warned: number };
  /** Names of the data tests that failed. */
  failures: string[];
  /** What was built, with the rows that it holds now; null of the scratch of a build. */
  models: Array<{ name: string; ms: number; rows: number | null }>;
  seconds: number;
}

export interface BuildOptions {
  /** Start over instead of building what arrived. */
  full?: boolean;
  /** This model and all that is made from it anew, after what arrived. */
  model?: string;
  onProgress?(progress: { message: string }): void;
  signal?: AbortSignal;
}

/** dbt on the lake of one home: bronze → silver → gold. */
export class DbtRunner {
  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
  ) {}

  /**
   * Brings gold up to the lake. Rejects when a model fails, naming it and what the engine said; the last good gold stays.
   * A build that was killed is done again by the next one. Rejects with the models that there are when `model` is none of them.
   */
  build({
    full,
    model,
    onProgress,
    signal,
  }: BuildOptions = {}): Promise<BuildResult> {
    return exclusivelyIn(this.home, 'warehouse', () =>
      this.worker.call<BuildResult>(
        'build',
        { home: this.home, full: full ?? false, model: model ?? null },
        { onProgress, signal },
      ),
    );
  }
}
