import type { ScrapeTargetKind } from '@naap/events';

/** Where targets come from that strangers name: reports in the lake, and those that a gateway answers. */
export const REPORTED_ORIGINS = ['capabilities', 'gateway'] as const;

/** Something to ask. */
export interface Target {
  /** As it was given: the gate has not seen it yet. */
  url: string;
  kind: ScrapeTargetKind;
  /** Where it came from, such as `file` and `capabilities`. */
  origins: string[];
  /** The orchestrators that capability reports name it for; none where nobody reported it. */
  claimants?: readonly string[];
}

/** Whether only strangers named it: what the operator names too is his own. */
export function isReported({ origins }: Target): boolean {
  return origins.every(origin =>
    REPORTED_ORIGINS.some(reported => reported === origin),
  );
}
