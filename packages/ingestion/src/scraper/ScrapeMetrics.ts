/** What the scraper did since it was made. */
export interface ScrapeMetrics {
  /** Rounds that were finished. */
  rounds: number;
  /** Visits of finished rounds and of those that were abandoned. */
  targets: {
    reachable: number;
    unreachable: number;
    backed_off: number;
    refused: number;
    /** That strangers named and that had no room in the round: of them there is no event. */
    left_out: number;
  };
  /** Of answers' bodies, on the wire. */
  bytes: number;
  /** Runners of answers that had more than are kept. */
  runnersLeftOut: number;
  /** Refused targets by rule. */
  refusals: Record<string, number>;
  /** First error of each target by class. */
  errors: Record<string, number>;
}

export function noMetrics(): ScrapeMetrics {
  return {
    rounds: 0,
    targets: {
      reachable: 0,
      unreachable: 0,
      backed_off: 0,
      refused: 0,
      left_out: 0,
    },
    bytes: 0,
    runnersLeftOut: 0,
    refusals: {},
    errors: {},
  };
}

/** Adds one to `counts[name]`. */
export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
