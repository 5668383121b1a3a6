import type { ScrapeTargetKind } from '@naap/events';

/** Something to ask. */
export interface Target {
  /** As it was given: the gate has not seen it yet. */
  url: string;
  kind: ScrapeTargetKind;
  /** Where it came from, such as `file` and `capabilities`. */
  origins: string[];
}
