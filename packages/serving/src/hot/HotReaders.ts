import { Database } from '../database';
import { KpiReader, KpiReaders } from '../KpiReader';
import { hotAvailability } from './hotAvailability';
import { hotGroups } from './hotGroups';
import { hotRequests } from './hotRequests';
import { hotSupply } from './hotSupply';
import { hotSwaps } from './hotSwaps';
import { ServedDays } from './servedDays';

/** Answers from days in memory; what is not held there, another reader answers. */
export class HotReaders implements KpiReaders {
  readonly #served: ServedDays;
  readonly #questions: {
    [Name in keyof KpiReader]: (revision: number) => KpiReader[Name];
  };

  /** @param database - where the days are read from */
  constructor(cold: KpiReader, database: Database) {
    const served = new ServedDays(database);
    this.#served = served;
    this.#questions = {
      groups: hotGroups(cold, database, served),
      requests: hotRequests(cold, database, served),
      supply: hotSupply(cold, database, served),
      swaps: hotSwaps(cold, database, served),
      availability: hotAvailability(cold, database, served),
    };
  }

  at(revision: number): KpiReader {
    const { groups, requests, supply, swaps, availability } = this.#questions;
    return {
      groups: groups(revision),
      requests: requests(revision),
      supply: supply(revision),
      swaps: swaps(revision),
      availability: availability(revision),
    };
  }

  refresh(revision: number): Promise<void> {
    return this.#served.refresh(revision);
  }

  dropUnused(since: number): void {
    this.#served.dropUnused(since);
  }
}
