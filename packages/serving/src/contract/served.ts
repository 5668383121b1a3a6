/** The build that made the served numbers. */
export interface BuildInfo {
  id: string;
  /** When the build finished, ISO 8601. */
  at: string;
  tests: { passed: number; failed: number; warned: number };
  /**
   * 95 % of the events that it took came in then or later, ISO 8601; null when it took none, or took all again. Builds
   * of before don't tell.
   */
  arrivedSince?: string | null;
}

/** Where the served numbers stand; `null` before the first sync. */
export interface ServedState {
  build: BuildInfo | null;
  /** Newest of min(envelope timestamp, time it came in) that the served numbers include. */
  watermark: string | null;
  syncedAt: string | null;
  /** Earliest and latest hour served. */
  firstHour: string | null;
  lastHour: string | null;
  /** True when any served event was brought by the simulator. */
  simulated: boolean;
}

export type WindowState = 'provisional' | 'final' | 'revised';

/** What the ends of a window are rounded to. */
export type WindowGrain = '5m' | '1h';

/** What every answer carries beside its rows. */
export interface AnswerMeta extends ServedState {
  /** now − watermark in ms, null without a watermark. */
  freshnessMs: number | null;
  /** As it was answered, with its own ends. */
  window: {
    from: string | null;
    to: string | null;
    grain: WindowGrain;
    state: WindowState | null;
  };
}

/** One table of the serving layer. */
export interface ServingTable {
  name: string;
  rows: number;
}

/** What a sync would do with one day. */
export interface SyncPlanDay {
  day: string;
  action: 'replace' | 'drop';
  /** Rows served now, all tables. */
  rows: number;
}
