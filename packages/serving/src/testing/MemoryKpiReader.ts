import {
  AVAILABILITY_COLUMNS,
  availabilityRow,
  GPU_UUID,
} from '../availabilityQuery';
import { OWN_COLUMNS, RowCondition, rowConditions } from '../conditions';
import {
  AVAILABILITY_DIMENSIONS,
  Outcome,
  PriceRow,
  RequestRow,
  SUPPLY_DIMENSIONS,
} from '../contract';
import { Key } from '../cursor';
import {
  checkDimensions,
  compareKeys,
  compareTexts,
  isTimeDimension,
} from '../dimensions';
import { rowEvidence } from '../evidence';
import {
  Group,
  groupConditions,
  keyOrder,
  LEVELS,
  Metric,
  METRICS,
  Parts,
} from '../groups';
import { KpiReader } from '../KpiReader';
import { inOrder } from '../order';
import { partOf } from '../page';
import { checkOffset, requestKey, requestOrder } from '../requestQuery';
import { hoursOf, SUPPLY_COLUMNS, supplyRow, timesOf } from '../supplyQuery';
import { SWAP_COLUMNS, SWAP_ORDER, swapKey } from '../swapQuery';
import { ServedNetwork } from './kpiReaderContract';
import { SyntheticObservation, SyntheticRequest } from './network';

const HOUR_MS = 3_600_000;
const SLOT_MS = 300_000;

type InTime = { slot: string; hour: string; day: string };

function inTime(at: string): InTime {
  const hour = `${new Date(at).toISOString().slice(0, 13)}:00:00.000Z`;
  const slot = new Date(Math.floor(Date.parse(at) / SLOT_MS) * SLOT_MS);
  return { slot: slot.toISOString(), hour, day: hour.slice(0, 10) };
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const known = (values: Array<number | null>) =>
  values.filter(value => value !== null);

/** A request with its facts, and where it stands in time. */
type Fact = RequestRow &
  InTime & { gpu_id: string | null; of: SyntheticRequest };

function factOf(of: SyntheticRequest): Fact {
  const { samples, goes_on, ...facts } = of;
  const mean = samples.length > 0 ? sum(samples) / samples.length : null;
  const deviation = Math.sqrt(
    sum(samples.map(x => (x - (mean ?? 0)) ** 2)) / samples.length,
  );
  return {
    ...facts,
    ...inTime(of.requested_at),
    gpu_id: of.gpu && `${of.gpu}-${samples.length % 2}`,
    identity: 'canonical',
    orch_uri: 'https://o.example',
    fps_mean: mean,
    fps_samples: samples.length,
    jitter:
      of.orchestrator !== null && samples.length >= 3 && mean
        ? deviation / mean
        : null,
    outcome: of.outcome as Outcome,
    reason: of.outcome === 'failed' ? 'error' : null,
    restarts: Math.floor(of.error_events / 2),
    swap_events: of.swapped ? 1 : 0,
    of,
  };
}

/** The values of a request that have a percentile. */
function valuesOf(fact: Fact): Record<Metric, number[]> {
  const { samples, overlay, warm } = fact.of;
  const startup = known([fact.startup_ms]);
  return {
    ptff_ms: overlay ? [] : known([fact.ptff_ms]),
    e2e_ms: overlay ? [] : known([fact.e2e_ms]),
    startup_ms: startup,
    cold_startup_ms: warm === false ? startup : [],
    jitter: known([fact.jitter]),
    output_fps: samples,
    output_fps_fed: samples,
  };
}

const isServed = ({ outcome }: Fact) =>
  outcome === 'ok' || outcome === 'failed';

function partsOf(facts: Fact[]): Parts {
  const count = (is: (fact: Fact) => boolean) => facts.filter(is).length;
  const outcome = (wanted: Outcome) => count(fact => fact.outcome === wanted);
  const values = (metric: Metric) =>
    facts.flatMap(fact => valuesOf(fact)[metric]);
  const frames = values('output_fps');
  const onGpu = facts
    .filter(({ gpu }) => gpu !== null)
    .flatMap(f => f.of.samples);
  const [jitter, ptff, e2e, startup, coldStartup] = (
    ['jitter', 'ptff_ms', 'e2e_ms', 'startup_ms', 'cold_startup_ms'] as const
  ).map(values);
  return {
    requests: facts.length,
    failed: outcome('failed'),
    unserved: outcome('unserved'),
    abandoned: outcome('abandoned'),
    unknown: outcome('unknown'),
    running: outcome('running'),
    served: count(isServed),
    swapped: count(({ swapped }) => swapped),
    swapped_served: count(fact => fact.swapped && isServed(fact)),
    failed_swaps: 0,
    error_events: sum(facts.map(fact => fact.error_events)),
    restarts: sum(facts.map(({ restarts }) => restarts)),
    overlay: count(({ overlay }) => overlay),
    complete: count(isServed),
    startup_missing: 0,
    fps_samples: frames.length,
    fps_sum: sum(frames),
    fps_fed_samples: frames.length,
    fps_fed_sum: sum(frames),
    jitter_n: jitter.length,
    jitter_sum: sum(jitter),
    ptff_n: ptff.length,
    ptff_sum: sum(ptff),
    e2e_n: e2e.length,
    e2e_sum: sum(e2e),
    startup_n: startup.length,
    startup_sum: sum(startup),
    cold_startup_n: coldStartup.length,
    cold_startup_sum: sum(coldStartup),
    cue_samples: onGpu.length,
    cue_achieved: sum(onGpu) * 2e12,
    cue_peak: onGpu.length * 1e14,
    inference_ms: 60_000 * facts.length,
    fees_eth: 0.001 * facts.length,
    payments: facts.length,
    unread_payments: count(({ overlay }) => overlay),
  };
}

const bucketOf = (value: number) =>
  Math.ceil(Math.log(Math.max(value, 1)) / Math.log(1.02));

/** The nearest ranks of the levels, as buckets. */
function ranksOf(values: number[]): [number, number, number] {
  const buckets = values.map(bucketOf).sort((a, b) => a - b);
  const [p50, p95, p99] = LEVELS.map(
    level => buckets[Math.ceil(level * buckets.length) - 1],
  );
  return [p50, p95, p99];
}

const SCALE: Partial<Record<Metric, number>> = {
  jitter: 10_000,
  output_fps: 100,
  output_fps_fed: 100,
};

function percentilesOf(facts: Fact[]): Group['percentiles'] {
  const found: Group['percentiles'] = new Map();
  for (const metric of METRICS) {
    const scale = SCALE[metric] ?? 1;
    const values = facts.flatMap(fact =>
      valuesOf(fact)[metric].map(value => value * scale),
    );
    if (values.length > 0) found.set(metric, ranksOf(values));
  }
  return found;
}

/** Rows by the values of some of their columns, in the order of these; without a column one group, also of nothing. */
function grouped<Row extends { hour: string }>(
  rows: Row[],
  by: readonly string[],
): Array<{ keys: Key; rows: Row[] }> {
  const groups = new Map<string, { keys: Key; rows: Row[] }>();
  if (by.length === 0) groups.set('[]', { keys: [], rows: [] });
  for (const row of rows) {
    const keys = by.map(name =>
      isTimeDimension(name)
        ? Date.parse(String((row as Record<string, unknown>)[name])) / 1000
        : ((row as Record<string, unknown>)[name] as string | null),
    );
    const id = JSON.stringify(keys);
    const group = groups.get(id) ?? { keys, rows: [] };
    groups.set(id, group);
    group.rows.push(row);
  }
  const compare = inOrder(keyOrder(by));
  return [...groups.values()].sort((a, b) => compare(a.keys, b.keys));
}

function matching<Row extends object>(
  rows: Row[],
  conditions: Array<RowCondition<string>>,
): Row[] {
  return rows.filter(row =>
    conditions.every(({ columns, passes }) =>
      columns.some(name => passes((row as Record<string, unknown>)[name])),
    ),
  );
}

/** What one URL said in one hour. */
type Scraped = SyntheticObservation & InTime;

/** Streams of all URLs, each its mean within an hour, as the mean over the hours that say it. */
function streams(rows: Scraped[], name: 'capacity' | 'in_use' | 'available') {
  const hours = grouped(rows, ['hour']).flatMap(hour => {
    const urls = grouped(hour.rows, ['url']).flatMap(url => {
      const said = known(url.rows.map(row => row[name]));
      return said.length > 0 ? sum(said) / said.length : [];
    });
    return urls.length > 0 ? sum(urls) : [];
  });
  return hours.length > 0 ? sum(hours) / hours.length : null;
}

function pricesOf(rows: Scraped[]): PriceRow[] {
  const read = rows.flatMap(row =>
    row.prices.map(price => ({ ...price, hour: row.hour })),
  );
  return grouped(read, ['model', 'unit'])
    .filter(({ rows: { length } }) => length > 0)
    .map(
      ({ keys: [model, unit], rows: of }): PriceRow => ({
        pipeline: null,
        model: model as string,
        currency: null,
        unit: unit as string,
        n: of.length,
        mean: sum(of.map(({ price }) => price)) / of.length,
      }),
    )
    .sort((a, b) => compareKeys([a.model, a.unit], [b.model, b.unit]));
}

/** Answers straight from the requests and observations of a network: slow, and without a table. */
export function memoryKpiReader(network: ServedNetwork): KpiReader {
  const facts = network.requests.map(factOf);
  const scraped = network.observations.map(
    (row): Scraped => ({ ...row, ...inTime(row.began_at) }),
  );
  return {
    async groups(query) {
      groupConditions(query);
      const { window, filters, gpuId, keys, distinct = [], page } = query;
      const found = matching(facts, [
        ...rowConditions(window, filters, OWN_COLUMNS, 'requested_at'),
        ...(gpuId
          ? [
              {
                columns: ['gpu_id'],
                passes: (id: unknown) => gpuId.includes(String(id)),
              },
            ]
          : []),
      ]);
      const { rows, more } = partOf(
        grouped(found, keys),
        page,
        keyOrder(keys),
        group => group.keys,
      );
      return {
        rows: rows.map(
          (group): Group => ({
            keys: group.keys,
            parts: partsOf(group.rows),
            percentiles: percentilesOf(group.rows),
            distinct: distinct.map(name =>
              [...new Set(group.rows.map(row => row[name]))]
                .filter(value => value !== null)
                .sort(compareTexts),
            ),
          }),
        ),
        more,
      };
    },

    async requests(window, query, page) {
      checkOffset(query);
      const { filters, kpi, outcome, requestId, streamId, offset = 0 } = query;
      const order = requestOrder(query);
      const compare = inOrder(order);
      const keyOf = (row: RequestRow) => requestKey(row, query);
      const found = matching(facts, [
        ...rowConditions(window, filters, OWN_COLUMNS, 'requested_at'),
        ...(kpi ? rowEvidence(kpi) : []),
      ])
        .filter(
          row =>
            (outcome?.includes(row.outcome) ?? true) &&
            (requestId ?? row.request_id) === row.request_id &&
            (streamId ?? row.stream_id) === row.stream_id,
        )
        .sort((a, b) => compare(keyOf(a), keyOf(b)));
      const { after } = page;
      const rest = found
        .filter(row => !after || compare(keyOf(row), after) > 0)
        .slice(offset);
      return {
        total: found.length,
        rows: rest.slice(0, page.limit),
        more: rest.length > page.limit,
      };
    },

    async supply(window, { by = [], filters }, page) {
      checkDimensions(by, SUPPLY_DIMENSIONS);
      const conditions = rowConditions(window, filters, SUPPLY_COLUMNS);
      const offers = grouped(
        facts.filter(fact => fact.orchestrator !== null && fact.model !== null),
        ['hour', 'orchestrator', 'model'],
      ).map(({ rows }) => ({
        ...rows[0],
        gpu: rows.map(row => row.gpu).sort()[0],
        gpuIds: rows.flatMap(({ gpu_id }) => gpu_id ?? []),
        requests: rows.length,
      }));
      const days = [...new Set(facts.map(({ day }) => day))];
      const reported = days.flatMap(day =>
        Array.from({ length: 24 }, (_, hour) =>
          inTime(new Date(Date.parse(day) + hour * HOUR_MS).toISOString()),
        ),
      );
      const hours = hoursOf(
        by,
        new Map(
          grouped(matching(reported, rowConditions(window)), timesOf(by)).map(
            ({ keys, rows }) => [JSON.stringify(keys), rows.length],
          ),
        ),
      );
      const { rows, more } = partOf(
        grouped(matching(offers, conditions), by),
        page,
        keyOrder(by),
        group => group.keys,
      );
      return {
        rows: rows.map(({ keys, rows: of }) =>
          supplyRow(by, keys, hours(keys), {
            orchestrators: new Set(of.map(row => row.orchestrator)).size,
            gpus: new Set(
              of.flatMap(row =>
                row.gpuIds.map(id => JSON.stringify([row.orchestrator, id])),
              ),
            ).size,
            containers: 10 * of.length,
            busy: sum(of.map(({ requests }) => Math.min(requests, 10))),
            loaded: 10 * of.length,
          }),
        ),
        more,
      };
    },

    async swaps(window, filters, page) {
      const swaps = facts
        .filter(({ swapped }) => swapped)
        .map(fact => ({
          ...fact,
          from_orchestrator: fact.orchestrator,
          to_orchestrator: fact.outcome === 'ok' ? 'o0' : null,
        }));
      const found = matching(
        swaps,
        rowConditions(window, filters, SWAP_COLUMNS, 'requested_at'),
      );
      const compare = inOrder(SWAP_ORDER);
      const pairs = grouped(found, ['from_orchestrator', 'to_orchestrator'])
        .map(({ keys: [from, to], rows }) => ({
          from: from as string | null,
          to: to as string | null,
          swaps: rows.length,
          failed: rows.filter(({ outcome }) => outcome === 'failed').length,
        }))
        .sort((a, b) => compare(swapKey(a), swapKey(b)));
      return partOf(pairs, page, SWAP_ORDER, swapKey);
    },

    async availability(window, { by = [], filters }, page) {
      checkDimensions(by, AVAILABILITY_DIMENSIONS);
      const found = matching(
        scraped,
        rowConditions(window, filters, AVAILABILITY_COLUMNS),
      ).filter(
        row =>
          row.kind === 'orchestrator' ||
          (row.reachable && !row.masked && row.gpus.length > 0),
      );
      const { rows, more } = partOf(
        grouped(found, by),
        page,
        keyOrder(by),
        group => group.keys,
      );
      return {
        rows: rows.map(({ keys, rows: all }) => {
          const of = all.filter(({ kind }) => kind === 'orchestrator');
          const heard = of.filter(row => row.reachable && !row.masked);
          const count = (is: (row: Scraped) => boolean) => of.filter(is).length;
          const times = known(heard.map(row => row.response_ms));
          const both = heard.filter(
            row => row.capacity !== null && row.in_use !== null,
          );
          const used = all
            .filter(row => row.reachable && !row.masked)
            .flatMap(({ url, gpus }) => gpus.map(gpu => ({ url, ...gpu })));
          return availabilityRow(by, {
            keys,
            parts: {
              observations: count(row => !row.masked && !row.refused),
              reachable: heard.length,
              refused: count(row => !row.masked && row.refused),
              masked: count(row => row.masked),
              response_n: times.length,
              response_sum: sum(times),
              capacity_n: known(heard.map(row => row.capacity)).length,
              busy_sum: sum(both.map(row => row.in_use ?? 0)),
              busy_capacity_sum: sum(both.map(row => row.capacity ?? 0)),
            },
            response: times.length > 0 ? ranksOf(times) : null,
            capacity: {
              total: streams(heard, 'capacity'),
              inUse: streams(heard, 'in_use'),
              available: streams(heard, 'available'),
            },
            gpus: {
              n: used.length,
              total: sum(used.map(gpu => gpu.used)),
              ids: new Set(
                used.map(({ url, id }) =>
                  id.startsWith(GPU_UUID) ? id : JSON.stringify([url, id]),
                ),
              ).size,
            },
            prices: pricesOf(heard),
          });
        }),
        more,
      };
    },
  };
}
