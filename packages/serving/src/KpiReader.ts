import {
  AvailabilityQuery,
  AvailabilityRow,
  KpiFilters,
  RequestQuery,
  RequestRow,
  SupplyQuery,
  SupplyRow,
  SwapRow,
} from './contract';
import { Group, GroupQuery } from './groups';
import { PageAsk, Part } from './page';
import { TimeWindow } from './window';

/**
 * Who answers the questions about what is served. Every list is in a total order, texts by their bytes and nulls last,
 * and of a page the rows that come after its key.
 *
 * All throw an InvalidQueryError for a dimension or a filter that there is not, and for a filter that lists no value.
 */
export interface KpiReader {
  /**
   * One group per distinct value of the keys, ordered by the keys, nulls last; without keys one group, also when nothing is
   * there. A group may have no request: it was only paid, or served in a later hour those that began in an earlier one. Percentiles are the nearest rank (p·n rounded up) in the merged buckets.
   */
  groups(query: GroupQuery): Promise<Part<Group>>;
  /** Requests in their order, and how many there are on all pages. */
  requests(
    window: TimeWindow,
    query: Omit<RequestQuery, 'from' | 'to' | 'limit' | 'cursor'>,
    page: PageAsk,
  ): Promise<Part<RequestRow> & { total: number }>;
  /**
   * What was offered, by the dimensions asked and in their order, nulls last; without a dimension one row, also when
   * nothing was reported. Within an hour capacities add up; over hours they are summed and divided by the hours that have
   * a report of anybody, whatever the filters.
   */
  supply(
    window: TimeWindow,
    query: Pick<SupplyQuery, 'by' | 'filters'>,
    page: PageAsk,
  ): Promise<Part<SupplyRow>>;
  /** Swaps by the two orchestrators. The hour and the filters are those of the request. */
  swaps(
    window: TimeWindow,
    filters: KpiFilters | undefined,
    page: PageAsk,
  ): Promise<Part<SwapRow>>;
  /**
   * What the scraper found, by the dimensions asked and in their order, nulls last; without a dimension one row, also when
   * nothing was found. Availability, response time, capacity and prices are of targets of kind `orchestrator`; how busy
   * GPUs are is measured by runners too.
   */
  availability(
    window: TimeWindow,
    query: Pick<AvailabilityQuery, 'by' | 'filters'>,
    page: PageAsk,
  ): Promise<Part<AvailabilityRow>>;
}

/** Readers of what is served at a revision; who asks looks afterwards whether that is served still. */
export interface KpiReaders {
  at(revision: number): KpiReader;
  /** Told that a revision is served now. */
  refresh(revision: number): Promise<void>;
  /** Told to drop what nobody asked for since a time, Unix ms. */
  dropUnused(since: number): void;
}
