import { AvailabilityDimension, SupplyDimension } from '../contract';
import { Key } from '../cursor';
import { keysOf } from '../dimensions';
import { InvalidQueryError } from '../errors';
import { GroupKey, PARTS } from '../groups';
import { KpiReader } from '../KpiReader';
import { PageAsk, Part } from '../page';
import { requestKey } from '../requestQuery';
import { bucketMidValue } from '../statistics';
import { swapKey } from '../swapQuery';
import {
  randomObservations,
  randomRequests,
  SyntheticObservation,
  SyntheticRequest,
} from './network';
import { paged } from './paged';

/** What is served: all of a day. */
export interface ServedNetwork {
  requests: SyntheticRequest[];
  observations: SyntheticObservation[];
}

export interface ReaderUnderTest {
  reader: KpiReader;
  close(): Promise<void>;
}

const DAYS = ['2026-01-07', '2026-01-08'] as const;
const ALL = { from: null, to: null };
const WHOLE: PageAsk = { limit: 10_000, after: null };

let made = 0;

const request = (
  at: string,
  facts: Partial<SyntheticRequest> = {},
): SyntheticRequest => ({
  stream_id: `stream-${made++}`,
  request_id: `request ${at}`,
  requested_at: `${at}.000Z`,
  gateway: 'gw',
  region: 'sea',
  orchestrator: 'o1',
  model: 'm1',
  pipeline: 'live',
  gpu: 'gpu',
  warm: true,
  ptff_ms: 1000,
  e2e_ms: 500,
  startup_ms: 2000,
  overlay: false,
  samples: [10, 12],
  outcome: 'ok',
  swapped: false,
  error_events: 0,
  ...facts,
});

/** Texts whose bytes are in another order than their code units; the last has no orchestrator. */
const WIDE = '\uff5e';
const WIDER = '\u{1f600}';
const NETWORK: ServedNetwork = {
  requests: [
    request('2026-01-07T05:10:00', { orchestrator: WIDER }),
    request('2026-01-07T05:50:00', { orchestrator: WIDE, startup_ms: 4000 }),
    request('2026-01-07T06:00:00', { swapped: true, startup_ms: 8000 }),
    request('2026-01-07T06:30:00', { swapped: true, outcome: 'failed' }),
    request('2026-01-08T00:30:00', {
      gateway: '',
      orchestrator: null,
      model: null,
      startup_ms: null,
      samples: [],
      outcome: 'unserved',
    }),
    request('2026-01-08T01:00:00', {
      orchestrator: 'o2',
      gpu: null,
      model: 'm2',
      swapped: true,
      startup_ms: 3000,
    }),
  ],
  observations: ['2026-01-08T00:00:00Z', '2026-01-08T00:20:00Z'].flatMap(
    (began_at, round) => [
      {
        began_at,
        orchestrator: 'o1',
        url: 'https://a',
        kind: 'orchestrator' as const,
        reachable: round === 0,
        refused: false,
        masked: false,
        response_ms: round === 0 ? 100 : null,
        capacity: round === 0 ? 8 : null,
        in_use: round === 0 ? 2 : null,
        available: null,
        gpus: round === 0 ? [{ id: 'GPU-1', used: 0.5 }] : [],
        prices:
          round === 0
            ? [
                { model: 'm2', unit: 'hour', price: 3 },
                { model: 'm1', unit: 'hour', price: 2 },
              ]
            : [],
      },
    ],
  ),
};

/** Many rows, for pages. */
const CROWD: ServedNetwork = {
  requests: DAYS.flatMap((day, i) => randomRequests(day, 60, i + 1)),
  observations: DAYS.flatMap((day, i) => randomObservations(day, i + 1)),
};

/** Reads the keys of the rows of a page. */
type ReadKeys = (reader: KpiReader, page: PageAsk) => Promise<Part<Key>>;

function keyed<Row>(
  { rows, more }: Part<Row>,
  keyOf: (row: Row) => Key,
): Part<Key> {
  return { rows: rows.map(keyOf), more };
}

/** What every reader of what is served keeps to. `open` makes one that is served a network, by whole days. */
export function kpiReaderContract(
  open: (network: ServedNetwork) => Promise<ReaderUnderTest>,
): void {
  describe('of a few requests', () => {
    let tested: ReaderUnderTest;
    let reader: KpiReader;

    beforeAll(async () => {
      tested = await open(NETWORK);
      reader = tested.reader;
    });

    afterAll(() => tested?.close());

    const groups = async (keys: GroupKey[], more = {}) =>
      (await reader.groups({ window: ALL, keys, page: WHOLE, ...more })).rows;

    it('adds up by the values of the keys, texts by their bytes and null last', async () => {
      const rows = await groups(['orchestrator']);
      expect(rows.map(({ keys, parts }) => [...keys, parts.requests])).toEqual([
        ['o1', 2],
        ['o2', 1],
        [WIDE, 1],
        [WIDER, 1],
        [null, 1],
      ]);
      expect(rows[0].parts).toMatchObject({
        failed: 1,
        served: 2,
        swapped: 2,
        fps_samples: 4,
        fps_sum: 44,
        startup_n: 2,
        startup_sum: 10_000,
      });
    });

    it('has hours in unix seconds and days as texts', async () => {
      const rows = await groups(['day', 'hour']);
      expect(rows.map(({ keys }) => keys)).toEqual(
        [
          [DAYS[0], '05'],
          [DAYS[0], '06'],
          [DAYS[1], '00'],
          [DAYS[1], '01'],
        ].map(([day, hour]) => [day, Date.parse(`${day}T${hour}:00Z`) / 1000]),
      );
    });

    it('takes nearest ranks of all values of a group', async () => {
      const [{ percentiles }] = await groups([]);
      const ranks = percentiles.get('startup_ms') ?? [];
      const [p50, p95] = ranks.map(rank => bucketMidValue('startup_ms', rank));
      expect(Math.abs(p50 / 3000 - 1)).toBeLessThan(0.01);
      expect(Math.abs(p95 / 8000 - 1)).toBeLessThan(0.01);
    });

    it('lists distinct values of a group in order, null not among them', async () => {
      const [{ distinct }] = await groups([], { distinct: ['model'] });
      expect(distinct).toEqual([['m1', 'm2']]);
    });

    it('keeps to the whole hours of a window, its end left out', async () => {
      const window = {
        from: Date.parse('2026-01-07T06:00Z'),
        to: Date.parse('2026-01-08T01:00Z'),
      };
      const [{ parts }] = await groups([], { window });
      expect(parts.requests).toBe(3);
      const { total } = await reader.requests(window, {}, WHOLE);
      expect(total).toBe(3);
    });

    it('keeps to the five minutes of a window, of which slots add up to their hours', async () => {
      const window = {
        from: Date.parse('2026-01-07T05:50Z'),
        to: Date.parse('2026-01-07T06:30Z'),
      };
      const [{ parts }] = await groups([], { window });
      expect([parts.requests, parts.startup_sum]).toEqual([2, 12_000]);
      const { total } = await reader.requests(window, {}, WHOLE);
      expect(total).toBe(2);
      const [swap, ...others] = (await reader.swaps(window, undefined, WHOLE))
        .rows;
      expect([swap.swaps, others]).toEqual([1, []]);
      const slots = await groups(['slot'], { window });
      expect(slots.map(({ keys: [at] }) => at)).toEqual(
        ['05:50', '06:00'].map(
          time => Date.parse(`2026-01-07T${time}Z`) / 1000,
        ),
      );
      const [all] = await groups([]);
      const bySlot = await groups(['slot']);
      for (const name of PARTS) {
        const sum = bySlot.reduce((total_, row) => total_ + row.parts[name], 0);
        expect(sum).toBeCloseTo(all.parts[name], 9);
      }
    });

    it('filters on any of the values, null and a gateway without a name among them', async () => {
      const filters = { model: ['m2', null], gateway: [null, 'gw'] };
      const rows = await groups(['model'], { filters });
      expect(rows.map(({ keys }) => keys)).toEqual([['m2'], [null]]);
      const found = await reader.requests(ALL, { filters }, WHOLE);
      expect(found.rows.map(({ model }) => model)).toEqual(['m2', null]);
    });

    it('has one group without keys, also where nothing is, and none with keys', async () => {
      const window = { from: Date.parse('2027-01-01'), to: null };
      const [{ keys, parts, percentiles }] = await groups([], { window });
      expect(keys).toEqual([]);
      expect(PARTS.map(name => parts[name])).toEqual(PARTS.map(() => 0));
      expect([...percentiles]).toEqual([]);
      expect(await groups(['model'], { window })).toEqual([]);
      const supply = await reader.supply(window, {}, WHOLE);
      expect(supply.rows).toMatchObject([{ hours: 0, capacity: null }]);
      const found = await reader.availability(window, {}, WHOLE);
      expect(found.rows).toMatchObject([{ observations: 0, prices: [] }]);
      expect((await reader.swaps(window, undefined, WHOLE)).rows).toEqual([]);
    });

    it('gives requests newest first, or what makes a KPI worse first, and how many there are', async () => {
      const newest = await reader.requests(ALL, {}, { limit: 2, after: null });
      expect(newest.rows.map(row => row.requested_at)).toEqual([
        '2026-01-08T01:00:00.000Z',
        '2026-01-08T00:30:00.000Z',
      ]);
      expect([newest.total, newest.more]).toEqual([6, true]);
      const slowest = await reader.requests(ALL, { kpi: 'startup' }, WHOLE);
      expect(slowest.rows.map(row => row.startup_ms)).toEqual([
        8000, 4000, 3000, 2000, 2000,
      ]);
      const skipped = await reader.requests(ALL, { offset: 4 }, WHOLE);
      expect(skipped.rows.map(row => row.orchestrator)).toEqual([WIDE, WIDER]);
      const failed = await reader.requests(ALL, { outcome: ['failed'] }, WHOLE);
      expect(failed.rows).toMatchObject([{ reason: 'error', swapped: true }]);
    });

    it('finds a request by its ids, exactly', async () => {
      const [{ stream_id: streamId, request_id: requestId }] = NETWORK.requests;
      const of = { streamId, requestId };
      expect((await reader.requests(ALL, of, WHOLE)).rows).toMatchObject([
        { stream_id: streamId, request_id: requestId, orchestrator: WIDER },
      ]);
      for (const near of ['', '%', requestId.toUpperCase()]) {
        const found = await reader.requests(ALL, { requestId: near }, WHOLE);
        expect(found.total).toBe(0);
      }
    });

    it('counts swaps by the two orchestrators, most first, and filters on either', async () => {
      const { rows } = await reader.swaps(ALL, undefined, WHOLE);
      expect(rows).toEqual([
        { from: 'o1', to: 'o0', swaps: 1, failed: 0 },
        { from: 'o1', to: null, swaps: 1, failed: 1 },
        { from: 'o2', to: 'o0', swaps: 1, failed: 0 },
      ]);
      const to = await reader.swaps(ALL, { orchestrator: ['o0'] }, WHOLE);
      expect(to.rows.map(({ from }) => from)).toEqual(['o1', 'o2']);
    });

    it('takes the mean of what was offered over the hours that have a report of anybody', async () => {
      const { rows } = await reader.supply(ALL, { by: ['model'] }, WHOLE);
      expect(rows).toMatchObject([
        { model: 'm1', hours: 48, orchestrators: 3, capacity: 30 / 48 },
        { model: 'm2', hours: 48, orchestrators: 1, gpus: 0, warm: 10 / 48 },
      ]);
      const [first] = (await reader.supply(ALL, { by: ['hour'] }, WHOLE)).rows;
      expect(first).toMatchObject({
        hour: '2026-01-07T05:00:00.000Z',
        hours: 1,
        orchestrators: 2,
        gpus: 2,
        capacity: 20,
        capacity_in_use: 2,
      });
    });

    it('adds up what the scraper found, prices in the order of what they are for', async () => {
      const { rows } = await reader.availability(ALL, { by: ['url'] }, WHOLE);
      expect(rows).toMatchObject([
        {
          url: 'https://a',
          observations: 2,
          reachable: 1,
          availability: 0.5,
          response_ms: { n: 1, mean: 100 },
          capacity: { n: 1, total: 8, in_use: 2, share_in_use: 0.25 },
          gpu_utilization: { n: 1, gpus: 1, mean: 0.5 },
        },
      ]);
      expect(rows[0].prices.map(({ model, mean }) => [model, mean])).toEqual([
        ['m1', 2],
        ['m2', 3],
      ]);
    });

    it('refuses a filter that there is not, one without a value, and an odd offset', async () => {
      const unknown = { month: ['1'] } as object;
      const refused: Array<() => Promise<unknown>> = [unknown, { model: [] }]
        .flatMap(filters => [
          () => groups([], { filters }),
          () => reader.requests(ALL, { filters }, WHOLE),
          () => reader.swaps(ALL, filters, WHOLE),
          () => reader.supply(ALL, { filters }, WHOLE),
          () => reader.availability(ALL, { filters }, WHOLE),
        ])
        .concat([
          () => reader.requests(ALL, { offset: -1 }, WHOLE),
          () => reader.availability(ALL, { by: ['model' as 'url'] }, WHOLE),
          () => reader.supply(ALL, { by: ['url' as 'gpu'] }, WHOLE),
        ]);
      for (const ask of refused) {
        await expect(ask()).rejects.toThrow(InvalidQueryError);
      }
    });
  });

  describe('page by page', () => {
    let tested: ReaderUnderTest;

    beforeAll(async () => {
      tested = await open(CROWD);
    });

    afterAll(() => tested?.close());

    it.each<[string, ReadKeys]>([
      [
        'groups',
        async (reader, page) => {
          const keys: GroupKey[] = ['model', 'region', 'gpu_id'];
          const found = await reader.groups({ window: ALL, keys, page });
          return keyed(found, row => row.keys);
        },
      ],
      ...[{}, { kpi: 'jitter' as const }, { order: 'oldest' as const }].map(
        (query): [string, ReadKeys] => [
          `requests ${JSON.stringify(query)}`,
          async (reader, page) =>
            keyed(await reader.requests(ALL, query, page), row =>
              requestKey(row, query),
            ),
        ],
      ),
      [
        'supply',
        async (reader, page) => {
          const by: SupplyDimension[] = ['model', 'hour'];
          const found = await reader.supply(ALL, { by }, page);
          return keyed(found, row => keysOf(by, row));
        },
      ],
      [
        'availability',
        async (reader, page) => {
          const by: AvailabilityDimension[] = ['url', 'day'];
          const found = await reader.availability(ALL, { by }, page);
          return keyed(found, row => keysOf(by, row));
        },
      ],
      [
        'swaps',
        async (reader, page) =>
          keyed(await reader.swaps(ALL, undefined, page), swapKey),
      ],
    ])('has each of the %s on one page, once, in order', async (_, read) => {
      const of = (page: PageAsk) => read(tested.reader, page);
      const { rows } = await of(WHOLE);
      expect(rows.length).toBeGreaterThan(3);
      expect(new Set(rows.map(key => JSON.stringify(key))).size).toBe(
        rows.length,
      );
      for (const limit of [1 + Math.floor(rows.length / 3), rows.length]) {
        expect(await paged(of, key => key, limit)).toEqual(rows);
      }
    });
  });
}
