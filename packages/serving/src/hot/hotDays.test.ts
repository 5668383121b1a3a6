import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import fc from 'fast-check';
import { GoldWriter } from '../__testUtils__/gold';
import { randomObservations, randomRequests } from '../testing/network';
import { paged } from '../testing/paged';
import { sqlAvailability } from '../availabilityQuery';
import { openChdb } from '../chdb/chdbDatabase';
import {
  AVAILABILITY_DIMENSIONS,
  AvailabilityRow,
  KPI_DIMENSIONS,
  KPI_FILTERS,
  KPI_IDS,
  KpiId,
  Outcome,
  RequestRow,
  SUPPLY_DIMENSIONS,
  SupplyRow,
} from '../contract';
import { Key } from '../cursor';
import { Database } from '../database';
import { keysOf } from '../dimensions';
import { InvalidQueryError } from '../errors';
import { sqlGroups } from '../groupQuery';
import { Group, GroupQuery } from '../groups';
import { KpiReader } from '../KpiReader';
import { migrate } from '../migrate';
import { MAX_ROWS, PageAsk, Part } from '../page';
import { requestKey, sqlRequests } from '../requestQuery';
import { readPublishedState } from '../servedState';
import { sqlReader } from '../sqlReader';
import { sqlSupply } from '../supplyQuery';
import { sqlSwaps, swapKey } from '../swapQuery';
import { sync } from '../sync';
import { hotAvailability } from './hotAvailability';
import { HotDays, MIB } from './hotDays';
import { hotGroups } from './hotGroups';
import { hotRequests } from './hotRequests';
import { hotSupply } from './hotSupply';
import { hotSwaps } from './hotSwaps';
import { ServedDays } from './servedDays';

// The engine and the machine may be busy with other suites.
const DAYS = ['2026-01-07', '2026-01-08'];
const HOSTILE = [
  "' OR 1=1 -- \\' \t\n \0 {x} é",
  '<script>alert(1)</script>',
  '\u202eright to left\u2066',
  '👩‍💻',
  // Behind the emoji by its bytes, before it by JavaScript's own order.
  '\uff5e',
  '',
  '~',
  'x'.repeat(300),
];
/** Like the network's, but some have strangers' names. */
const requestsOf = (day: string, seed: number) =>
  randomRequests(day, 400, seed).map((request, i) =>
    i % 4 > 0
      ? {
          ...request,
          goes_on: i % 4 === 1 && request.requested_at.slice(11, 13) < '23',
        }
      : {
          ...request,
          model: HOSTILE[(i / 4) % HOSTILE.length],
          pipeline: HOSTILE[(i / 12) % HOSTILE.length] ?? null,
        },
  );

/** Sums in another order differ in the last digits; kpis.md wants a relative 1e-9. */
const comparable = (groups: Group[]) =>
  groups.map(({ keys, distinct, parts, percentiles }) => ({
    keys,
    distinct,
    parts: Object.values(parts).map(value => Number(value.toPrecision(9))),
    percentiles: [...percentiles].sort(([a], [b]) => (a < b ? -1 : 1)),
  }));

const WHOLE: PageAsk = { limit: MAX_ROWS, after: null };

describe('days in memory', () => {
  let directory: string;
  let gold: GoldWriter;
  let database: Database;
  let fromSql: KpiReader['groups'];
  let hot: ReturnType<typeof hotGroups>;

  const publish = async () => {
    await sync(database, gold.files, {}, publication => publication());
    return (await readPublishedState(database)).revision;
  };
  let revision: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-hot-'));
    gold = await GoldWriter.create(join(directory, 'gold'));
    for (const [i, day] of DAYS.entries()) {
      await gold.setDay(
        day,
        'b1',
        requestsOf(day, i + 1),
        randomObservations(day, i + 1),
      );
    }
    await gold.setState('b1', '2026-01-09T02:00:00.000Z');
    database = await openChdb({ path: join(directory, 'clickhouse') });
    await migrate(database);
    revision = await publish();
    fromSql = sqlGroups(database);
    hot = hotGroups(sqlReader(database), database, new ServedDays(database));
  });

  afterAll(async () => {
    await database.close();
    gold.close();
    await rm(directory, { recursive: true });
  });

  /** Often a whole hour. */
  const bound = fc
    .tuple(
      fc.integer({ min: -2, max: 50 }),
      fc.constantFrom(0, 0, 1, 7, 11).map(slots => slots * 300_000),
    )
    .map(([hours, more]) => Date.parse(DAYS[0]) + hours * 3_600_000 + more);
  const values = fc.uniqueArray(
    fc.constantFrom(
      null,
      'o1',
      'o2',
      'm0',
      'm1',
      'gw-sea',
      'sea',
      'gpu1',
      'gpu1-1',
      'live-video-to-video',
      'nobody',
      ...HOSTILE,
    ),
    { minLength: 1, maxLength: 6 },
  );
  const window = fc.record({ from: fc.option(bound), to: fc.option(bound) });
  const filtersOf = (names: string[]) =>
    fc.record(Object.fromEntries(names.map(name => [name, values])), {
      requiredKeys: [],
    });
  const filters = filtersOf([...KPI_FILTERS]);
  const question: fc.Arbitrary<GroupQuery> = fc.record({
    window,
    filters,
    keys: fc.uniqueArray(
      fc.constantFrom(...KPI_DIMENSIONS, 'gpu_id' as const),
      { maxLength: 4 },
    ),
    distinct: fc.subarray(['model' as const, 'region' as const]),
    page: fc.constant(WHOLE),
  });
  const size = fc.integer({ min: 5, max: 60 });

  it('answer what ClickHouse answers: any keys, window and filters, strangers’ names too', async () => {
    const inMemory = hot(revision);
    await fc.assert(
      fc.asyncProperty(question, async query => {
        expect(comparable((await inMemory(query)).rows)).toEqual(
          comparable((await fromSql(query)).rows),
        );
      }),
      { seed: 8, numRuns: 150 },
    );
  });

  it.each(['in memory', 'in ClickHouse'])(
    'give the groups of all pages as of one, each once and in order, %s',
    async where => {
      const read = where === 'in memory' ? hot(revision) : fromSql;
      await fc.assert(
        fc.asyncProperty(question, size, async (query, limit) => {
          const pages = await paged(
            page => read({ ...query, page }),
            ({ keys }) => keys,
            limit,
          );
          expect(comparable(pages)).toEqual(
            comparable((await read(query)).rows),
          );
        }),
        { seed: 13, numRuns: 20 },
      );
    },
  );

  it('give requests, supply, swaps and availability of all pages as of one', async () => {
    const served = new ServedDays(database);
    const all = { from: null, to: null };
    const lists = [
      ...[
        hotRequests(sqlReader(database), database, served)(revision),
        sqlRequests(database),
      ].flatMap(read =>
        [{}, { kpi: 'startup' as const }, { order: 'oldest' as const }].map(
          query => ({
            read: (page: PageAsk) => read(all, query, page),
            keyOf: (row: RequestRow) => requestKey(row, query),
          }),
        ),
      ),
      ...[
        hotSupply(sqlReader(database), database, served)(revision),
        sqlSupply(database),
      ].map(read => ({
        read: (page: PageAsk) => read(all, { by: ['hour', 'model'] }, page),
        keyOf: (row: SupplyRow) => keysOf(['hour', 'model'], row),
      })),
      ...[
        hotSwaps(sqlReader(database), database, served)(revision),
        sqlSwaps(database),
      ].map(read => ({
        read: (page: PageAsk) => read(all, undefined, page),
        keyOf: swapKey,
      })),
      ...[
        hotAvailability(sqlReader(database), database, served)(revision),
        sqlAvailability(database),
      ].map(read => ({
        read: (page: PageAsk) => read(all, { by: ['url', 'hour'] }, page),
        keyOf: (row: AvailabilityRow) => keysOf(['url', 'hour'], row),
      })),
    ] as Array<{
      read: (page: PageAsk) => Promise<Part<object>>;
      keyOf: (row: object) => Key;
    }>;
    for (const { read, keyOf } of lists) {
      const { rows } = await read(WHOLE);
      expect(rows.length).toBeGreaterThan(5);
      for (const limit of [1 + Math.ceil(rows.length / 4), rows.length]) {
        expect(await paged(read, keyOf, limit)).toEqual(rows);
      }
    }
  });

  it('find the requests that ClickHouse finds, page by page', async () => {
    const inMemory = hotRequests(
      sqlReader(database),
      database,
      new ServedDays(database),
    )(revision);
    const sql = sqlRequests(database);
    const page = fc.record(
      {
        filters,
        kpi: fc.constantFrom(...KPI_IDS),
        outcome: fc.subarray<Outcome>(['ok', 'failed', 'unserved', 'unknown'], {
          minLength: 1,
        }),
        requestId: fc.constantFrom('1-7', '2-7', 'nobody'),
        streamId: fc.constantFrom('stream-1-7', 'nobody'),
        order: fc.constantFrom('newest' as const, 'oldest' as const),
        offset: fc.nat(500),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(window, page, fc.nat(30), async (cut, query, limit) => {
        const ask = { limit, after: null };
        expect(await inMemory(cut, query, ask)).toEqual(
          await sql(cut, query, ask),
        );
      }),
      { seed: 9, numRuns: 150 },
    );
    await expect(
      inMemory({ from: null, to: null }, { offset: -1 }, WHOLE),
    ).rejects.toBeInstanceOf(InvalidQueryError);
    await expect(
      inMemory({ from: null, to: null }, { kpi: 'speed' as KpiId }, WHOLE),
    ).rejects.toBeInstanceOf(InvalidQueryError);
  });

  it('count the swaps that ClickHouse counts', async () => {
    const inMemory = hotSwaps(
      sqlReader(database),
      database,
      new ServedDays(database),
    )(revision);
    const sql = sqlSwaps(database);
    await fc.assert(
      fc.asyncProperty(window, filters, async (cut, of) => {
        expect(await inMemory(cut, of, WHOLE)).toEqual(
          await sql(cut, of, WHOLE),
        );
      }),
      { seed: 10, numRuns: 100 },
    );
  });

  it('add up the supply that ClickHouse adds up', async () => {
    const inMemory = hotSupply(
      sqlReader(database),
      database,
      new ServedDays(database),
    )(revision);
    const sql = sqlSupply(database);
    const rounded = (rows: SupplyRow[]) =>
      rows.map(row => ({
        ...row,
        capacity_in_use:
          row.capacity_in_use && Number(row.capacity_in_use.toPrecision(9)),
      }));
    const query = fc.record(
      {
        by: fc.uniqueArray(fc.constantFrom(...SUPPLY_DIMENSIONS), {
          maxLength: 4,
        }),
        filters: filtersOf(['orchestrator', 'model', 'pipeline', 'gpu']),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(window, query, async (cut, of) => {
        expect(rounded((await inMemory(cut, of, WHOLE)).rows)).toEqual(
          rounded((await sql(cut, of, WHOLE)).rows),
        );
      }),
      { seed: 11, numRuns: 150 },
    );
    await expect(
      inMemory(
        { from: null, to: null },
        { filters: { gateway: ['a'] } as {} },
        WHOLE,
      ),
    ).rejects.toBeInstanceOf(InvalidQueryError);
  });

  it('add up what the scraper found as ClickHouse does', async () => {
    const inMemory = hotAvailability(
      sqlReader(database),
      database,
      new ServedDays(database),
    )(revision);
    const sql = sqlAvailability(database);
    // Sums in another order differ in the last digits.
    const rounded = (rows: AvailabilityRow[]) =>
      JSON.parse(
        JSON.stringify(rows, (_, value) =>
          typeof value === 'number' ? Number(value.toPrecision(9)) : value,
        ),
      );
    const query = fc.record(
      {
        by: fc.uniqueArray(fc.constantFrom(...AVAILABILITY_DIMENSIONS), {
          maxLength: 3,
        }),
        filters: fc.record({
          orchestrator: fc.subarray([null, 'o0', 'o1', 'nobody'], {
            minLength: 1,
          }),
        }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(window, query, async (cut, of) => {
        expect(rounded((await inMemory(cut, of, WHOLE)).rows)).toEqual(
          rounded((await sql(cut, of, WHOLE)).rows),
        );
      }),
      { seed: 12, numRuns: 100 },
    );
    await expect(
      inMemory(
        { from: null, to: null },
        { filters: { model: ['m'] } as {} },
        WHOLE,
      ),
    ).rejects.toBeInstanceOf(InvalidQueryError);
  });

  it('are asked of ClickHouse where a window has more than may be held', async () => {
    const served = new ServedDays(database);
    const days = new HotDays<string>(served, {
      tables: { fct_requests: ({ rows }) => 10 * rows },
      read: async day => day,
      maxRowsOfQuestion: 700,
      maxBytesOfQuestion: 10 * MIB,
      maxBytesHeld: 10 * MIB,
    });
    const first = { from: null, to: Date.parse(DAYS[1]) };
    expect(await days.in(revision, first)).toEqual([DAYS[0]]);
    expect(await days.in(revision, { from: null, to: null })).toBeNull();
  });

  it('are never read where their texts are too long to be held', async () => {
    const read = jest.fn(async (day: string) => day);
    const days = new HotDays<string>(new ServedDays(database), {
      tables: { fct_requests: ({ bytes }) => bytes },
      read,
      maxRowsOfQuestion: 10_000,
      maxBytesOfQuestion: 10_000,
      maxBytesHeld: 10 * MIB,
    });
    expect(await days.in(revision, { from: null, to: null })).toBeNull();
    expect(read).not.toHaveBeenCalled();
  });

  it('know GPUs by id', async () => {
    const query: GroupQuery = {
      window: { from: null, to: null },
      gpuId: ['gpu1-1', 'nobody'],
      keys: ['gpu_id'],
      page: WHOLE,
    };
    const { rows: groups } = await hot(revision)(query);
    expect(groups.map(({ keys }) => keys)).toEqual([['gpu1-1']]);
    expect(comparable(groups)).toEqual(comparable((await fromSql(query)).rows));
    await expect(hot(revision)({ ...query, gpuId: [] })).rejects.toBeInstanceOf(
      InvalidQueryError,
    );
  });

  it('are read once, and again when a sync brings another build', async () => {
    const read = jest.spyOn(database, 'rows');
    const total: GroupQuery = {
      window: { from: null, to: null },
      keys: [],
      page: WHOLE,
    };
    const requests = async (at: number) =>
      (await hot(at)(total)).rows[0].parts.requests;
    expect(await requests(revision)).toBe(800);
    expect(await requests(revision)).toBe(800);
    expect(read).not.toHaveBeenCalled();

    await gold.setDay(DAYS[1], 'b2', requestsOf(DAYS[1], 2).slice(1));
    await gold.setState('b2', '2026-01-09T02:01:00.000Z');
    revision = await publish();
    read.mockClear();
    expect(await requests(revision)).toBe(799);
    const days = read.mock.calls.flatMap(([, values_]) => values_?.day ?? []);
    // The parts and the buckets of the day that changed.
    expect(days).toEqual([DAYS[1], DAYS[1]]);
    read.mockRestore();
  });

  it('that were asked for are read by a refresh, once', async () => {
    const served = new ServedDays(database);
    const read: string[] = [];
    const days = new HotDays<string>(served, {
      tables: { fct_requests: ({ rows }) => rows },
      read: async day => {
        read.push(day);
        return day;
      },
      maxRowsOfQuestion: 10_000,
      maxBytesOfQuestion: 10_000,
      maxBytesHeld: 10_000,
    });
    await days.in(revision, { from: Date.parse(DAYS[1]), to: null });
    const change = async (build: string) => {
      // Nothing has changed yet: who asked is not forgotten.
      await served.refresh(revision);
      for (const [i, day] of DAYS.entries()) {
        await gold.setDay(day, build, requestsOf(day, i + 1));
      }
      await gold.setState(build, '2026-01-09T02:02:00.000Z');
      revision = await publish();
      await served.refresh(revision);
    };
    await change('b3');
    // Of the other day nobody asked.
    expect(read).toEqual([DAYS[1], DAYS[1]]);
    await days.in(revision, { from: Date.parse(DAYS[1]), to: null });
    expect(read).toHaveLength(2);
    await change('b4');
    expect(read).toHaveLength(3);
    await change('b5');
    expect(read).toHaveLength(3);
  });

  it('are asked of ClickHouse where a bucket is beyond what is held', async () => {
    await database.command(
      `INSERT INTO naap.kpi_latency_hourly SELECT * REPLACE(5000 AS bucket) FROM naap.kpi_latency_hourly LIMIT 1`,
    );
    const query: GroupQuery = {
      window: { from: null, to: null },
      keys: [],
      page: WHOLE,
    };
    const { rows: groups } = await hotGroups(
      sqlReader(database),
      database,
      new ServedDays(database),
    )(revision)(query);
    expect(comparable(groups)).toEqual(comparable((await fromSql(query)).rows));
  });

  it('are dropped when nobody asks for them any more', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_000);
    const served = new ServedDays(database);
    const read: string[] = [];
    const days = new HotDays<string>(served, {
      tables: { fct_requests: ({ bytes }) => bytes },
      read: async day => {
        read.push(day);
        return day;
      },
      maxRowsOfQuestion: 10_000,
      maxBytesOfQuestion: 10 * MIB,
      maxBytesHeld: 10 * MIB,
    });
    const second = { from: Date.parse(DAYS[1]), to: null };
    await days.in(revision, { from: null, to: null });
    now.mockReturnValue(2_000);
    await days.in(revision, second);
    served.dropUnused(2_000);
    await days.in(revision, second);
    expect(read).toEqual(DAYS);
    await days.in(revision, { from: null, to: null });
    expect(read).toEqual([...DAYS, DAYS[0]]);
    now.mockRestore();
  });

  it('are asked of ClickHouse where they are many, each of them of few rows', async () => {
    const many = `number * 86400 + toDateTime('2021-01-01 00:00:00', 'UTC') AS hour`;
    await database.command(
      `INSERT INTO naap.kpi_hourly (hour, sparse) SELECT ${many}, true FROM numbers(101)`,
    );
    await database.command(
      `INSERT INTO naap.sync_state SELECT toDate(${many}), 'b', toYYYYMM(hour), map('kpi_hourly', 1), 99 FROM numbers(101)`,
    );
    const served = new ServedDays(database);
    const days = new HotDays<string>(served, {
      tables: { kpi_hourly: ({ bytes }) => bytes },
      read: async day => day,
      maxRowsOfQuestion: 10_000,
      maxBytesOfQuestion: 10 * MIB,
      maxBytesHeld: 10 * MIB,
    });
    const year = {
      from: Date.parse('2021-01-02'),
      to: Date.parse('2022-01-01'),
    };
    expect(await days.in(revision + 1, year)).toHaveLength(100);
    year.from -= 1;
    expect(await days.in(revision + 1, year)).toBeNull();
  });
});
