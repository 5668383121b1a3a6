import { Slices } from '@naap/system';
import { rowConditions } from '../conditions';
import { SUPPLY_DIMENSIONS, SupplyDimension } from '../contract';
import { Database } from '../database';
import { checkDimensions } from '../dimensions';
import { keyOrder } from '../groups';
import { KpiReader } from '../KpiReader';
import { inOrder } from '../order';
import { partOf } from '../page';
import { Selection } from '../selection';
import {
  hoursOf,
  SUPPLY_COLUMNS,
  SupplyKeys,
  supplyRow,
  SupplySums,
  timesOf,
} from '../supplyQuery';
import { hotRows, matchingRows } from './dayRows';
import { ServedDays } from './servedDays';

interface Offer {
  hour: string;
  day: string;
  orchestrator: string;
  model: string;
  pipeline: string | null;
  gpu: string | null;
  gpu_ids: string[];
  capacity: number;
  capacity_in_use: number;
  warm: number;
}

const SELECTION: Selection<Offer> = {
  hour: { ms: 'toUnixTimestamp(hour) * 1000' },
  day: 'toString(day)',
  orchestrator: 'orchestrator',
  model: 'model',
  pipeline: 'pipeline',
  gpu: 'gpu',
  gpu_ids: "JSONExtract(gpu_ids, 'Array(String)')",
  capacity: 'capacity',
  capacity_in_use: 'capacity_in_use',
  warm: 'warm',
};

/** An hour that has a report of anybody. */
interface Reported {
  hour: string;
  day: string;
}

/** What was offered in a group. */
class Offered {
  readonly #gpus = new Set<string>();
  readonly #orchestrators = new Set<string>();
  #containers = 0;
  #busy = 0;
  #loaded = 0;

  constructor(readonly keys: SupplyKeys) {}

  add(offer: Offer): void {
    for (const id of offer.gpu_ids) {
      this.#gpus.add(JSON.stringify([offer.orchestrator, id]));
    }
    this.#orchestrators.add(offer.orchestrator);
    this.#containers += offer.capacity;
    this.#busy += offer.capacity_in_use;
    this.#loaded += offer.warm;
  }

  sums(): SupplySums {
    return {
      orchestrators: this.#orchestrators.size,
      gpus: this.#gpus.size,
      containers: this.#containers,
      busy: this.#busy,
      loaded: this.#loaded,
    };
  }
}

const keysOf = (
  names: SupplyDimension[],
  row: { hour: string } & Partial<Offer>,
): SupplyKeys =>
  names.map(name =>
    name === 'hour' ? Date.parse(row.hour) / 1000 : row[name] ?? null,
  );

/** Supply of what is served at a revision, added up in memory where the days of a window can be held there. */
export function hotSupply(
  cold: KpiReader,
  database: Database,
  served: ServedDays,
): (revision: number) => KpiReader['supply'] {
  const hot = hotRows<Offer>(database, served, {
    table: 'supply_hourly',
    selection: SELECTION,
    repeating: ['hour', 'orchestrator', 'model', 'pipeline', 'gpu'],
    order: 'ORDER BY hour',
    bytesOfRow: 300,
    maxRowsOfQuestion: 50_000,
  });
  const reports = hotRows<Reported>(database, served, {
    table: 'supply_hours',
    selection: { hour: SELECTION.hour, day: SELECTION.day },
    repeating: ['hour', 'day'],
    order: 'ORDER BY hour',
    bytesOfRow: 200,
    maxRowsOfQuestion: 50_000,
  });
  return revision => async (window, query, page) => {
    const { by = [], filters } = query;
    checkDimensions(by, SUPPLY_DIMENSIONS);
    const conditions = rowConditions<keyof Offer>(
      window,
      filters,
      SUPPLY_COLUMNS,
    );
    const [days, reported] = await Promise.all([
      hot.in(revision, window),
      reports.in(revision, window),
    ]);
    if (!days || !reported) return cold.supply(window, query, page);
    const slices = new Slices();
    const groups = new Map<string, Offered>();
    if (by.length === 0) groups.set('[]', new Offered([]));
    for (const offer of matchingRows(days, conditions)) {
      const keys = keysOf(by, offer);
      const id = JSON.stringify(keys);
      const group = groups.get(id) ?? new Offered(keys);
      groups.set(id, group);
      group.add(offer);
      if (slices.over()) await slices.rest();
    }
    const hours = new Map<string, number>();
    for (const report of matchingRows(reported, rowConditions(window))) {
      const id = JSON.stringify(keysOf(timesOf(by), report));
      hours.set(id, (hours.get(id) ?? 0) + 1);
      if (slices.over()) await slices.rest();
    }
    const hoursOfGroup = hoursOf(by, hours);
    const order = keyOrder(by);
    const compare = inOrder(order);
    const { rows, more } = partOf(
      [...groups.values()].sort((a, b) => compare(a.keys, b.keys)),
      page,
      order,
      group => group.keys,
    );
    return {
      rows: rows.map(group =>
        supplyRow(by, group.keys, hoursOfGroup(group.keys), group.sums()),
      ),
      more,
    };
  };
}
