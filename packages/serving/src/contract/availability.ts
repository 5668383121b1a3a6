import type { LatencySummary } from './kpis';
import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** What the scraper's findings can be grouped by. */
export const AVAILABILITY_DIMENSIONS = [
  'orchestrator',
  'url',
  'hour',
  'day',
] as const;
export type AvailabilityDimension = (typeof AVAILABILITY_DIMENSIONS)[number];

/** What runners of one kind are offered for; `currency` and `unit` as they say it. */
export interface PriceRow {
  pipeline: string | null;
  model: string | null;
  currency: string | null;
  unit: string | null;
  /** Readings. */
  n: number;
  mean: number;
}

/**
 * What the scraper found at orchestrators (docs/kpis.md §6). An observation is one URL in one round; nothing of a
 * masked round counts but `masked`.
 */
export interface AvailabilityRow
  extends Partial<Record<AvailabilityDimension, string | null>> {
  observations: number;
  reachable: number;
  /** A fraction; null without an observation. */
  availability: number | null;
  availability_low: number;
  availability_high: number;
  /** Refused by the scraper's gate: no observation. */
  refused: number;
  /** In rounds that are not whole, or in which the scraper was cut off: no observation. */
  masked: number;
  response_ms: LatencySummary;
  /** Streams, as means over the hours that say it; `n` answers say their total. */
  capacity: {
    n: number;
    total: number | null;
    in_use: number | null;
    available: number | null;
    /** A fraction. */
    share_in_use: number | null;
  };
  /** A fraction, measured; also by runners that were asked themselves. */
  gpu_utilization: { n: number; gpus: number; mean: number | null };
  /** The first hundred, in the order of what they are for. */
  prices: PriceRow[];
}

export interface AvailabilityQuery extends Window, PageQuery {
  by?: AvailabilityDimension[];
  filters?: Partial<Record<'orchestrator', Array<string | null>>>;
}

export interface AvailabilityAnswer extends Page {
  meta: AnswerMeta;
  rows: AvailabilityRow[];
}
