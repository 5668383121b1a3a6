import type { BuildRecord } from './buildRecord';

export interface BuildOptions {
  /** Start over instead of building what arrived. */
  full?: boolean;
  /** This model and all that is made from it anew, after what arrived. */
  model?: string;
  /** Takes the messages of these days again (`YYYY-MM-DD`), with what arrived. */
  days?: string[];
}

/** What a build makes anew whatever arrived; models in the order of their ids, without the scratch of a build. */
export interface BuildPlan {
  models: Array<{
    name: string;
    /** Schema. */
    layer: string;
    /** That it holds now; null where that isn't known. */
    rows: number | null;
  }>;
}

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

/** Makes gold of bronze. */
export interface Builder {
  /**
   * What a build of these options makes anew; nothing of one that only takes what arrived, or days again.
   *
   * @throws UnknownModelError
   */
  plan(options: BuildOptions): Promise<BuildPlan>;

  /**
   * Brings gold up to bronze, which it reads at one snapshot of each table; what comes in meanwhile is of the next build.
   * Rejects when a model fails, naming it and what the engine said; the last good gold stays. A build that was killed is
   * done again by the next one.
   *
   * @throws UnknownModelError
   */
  run(
    options?: BuildOptions & {
      onProgress?(progress: { message: string }): void;
      signal?: AbortSignal;
    },
  ): Promise<BuildResult>;

  /** The last good build; null before the first. */
  state(): Promise<BuildRecord | null>;
}

/** There is no such model. */
export class UnknownModelError extends Error {
  readonly name = 'UnknownModelError';

  /** @param models - names of those that there are */
  constructor(model: string, models: string[]) {
    super(`'model' is '${model}'; there are ${[...models].sort().join(', ')}`);
  }
}
