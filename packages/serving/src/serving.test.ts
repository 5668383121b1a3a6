import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { setImmediate } from 'timers/promises';
import fc from 'fast-check';
import { goldThrough, GoldWriter } from './__testUtils__/gold';
import { randomRequests, SyntheticRequest } from './testing/network';
import { startChdbHttpServer } from './__testUtils__/chdbHttpServer';
import {
  dimensionOf,
  groupRequests,
  nearestRank,
  referenceKpis,
} from './__testUtils__/reference';
import {
  AnswerMeta,
  KPI_DIMENSIONS,
  KpiDimension,
  KpiId,
  KpiQuery,
  KpiRow,
  RequestRow,
} from './contract';
import { InvalidQueryError, SyncVerificationError } from './errors';
import { Serving } from './serving';

// The engine and the machine may be busy with other suites.
const DAYS = ['2026-01-07', '2026-01-08'];
const EVIL = "' OR 1=1 -- \\' \t\n \0 {x} é";
const REQUESTS = DAYS.flatMap((day, i) => randomRequests(day, 250, i + 1));
Object.assign(REQUESTS[0], { pipeline: EVIL, request_id: EVIL });
const OF_DAY = (day: string) =>
  REQUESTS.filter(request => request.requested_at.startsWith(day));

/** The same rules in process and over HTTP. */
const PROFILES = [
  {
    profile: 'embedded',
    async open(directory: string) {
      const serving = await Serving.open({ path: join(directory, 'chdb') });
      return { serving, stop: () => serving.close() };
    },
  },
  {
    profile: 'server',
    async open(directory: string) {
      const server = await startChdbHttpServer(join(directory, 'server'));
      const serving = await Serving.open({ url: server.url });
      return {
        serving,
        async stop() {
          await serving.close();
          await server.close();
        },
      };
    },
  },
];

/** Where a row differs from what its requests give, as texts. */
function differences(row: KpiRow, requests: SyntheticRequest[]): string[] {
  const reference = referenceKpis(requests);
  const found: string[] = [];
  const compare = (
    name: string,
    actual: number | null,
    expected: number | null,
    tolerance: number,
  ) => {
    const same =
      actual === null || expected === null
        ? actual === expected
        : Math.abs(actual - expected) <= tolerance * Math.abs(expected);
    if (!same) found.push(`${name}: ${actual}, expected ${expected}`);
  };
  for (const [name, expected] of Object.entries(reference)) {
    const actual = row[name as keyof typeof reference];
    if (typeof expected === 'object' && expected !== null) {
      for (const part of ['n', 'mean', 'p50', 'p95', 'p99'] as const) {
        compare(
          `${name}.${part}`,
          (actual as KpiRow['ptff_ms'])[part],
          expected[part],
          part.startsWith('p') ? 0.01 : 1e-9,
        );
      }
    } else {
      compare(
        name,
        actual as number | null,
        expected,
        /_p\d\d$/.test(name) ? 0.01 : 1e-9,
      );
    }
  }
  return found;
}

function keyOf(row: KpiRow, by: KpiDimension[]): string {
  return JSON.stringify(by.map(name => row[name]));
}

describe.each(PROFILES)('$profile', ({ open }) => {
  let directory: string;
  let gold: GoldWriter;
  let serving: Serving;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-serving-'));
    gold = await GoldWriter.create(join(directory, 'gold'));
    ({ serving, stop } = await open(directory));
  });

  afterAll(async () => {
    await stop?.();
    gold?.close();
    await rm(directory, { recursive: true, force: true });
  });

  describe('before the first sync', () => {
    it('has no build and no evidence: null, not 0', async () => {
      expect(await serving.state()).toEqual({
        build: null,
        watermark: null,
        syncedAt: null,
        simulated: false,
        firstHour: null,
        lastHour: null,
      });
      const { meta, rows } = await serving.kpis();
      expect(meta.freshnessMs).toBeNull();
      expect(meta.window.state).toBeNull();
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({
        requests: 0,
        failure_rate: null,
        failure_rate_low: 0,
        failure_rate_high: 1,
        fps_mean: null,
        cue: null,
        ptff_ms: { n: 0, mean: null, p50: null, p95: null, p99: null },
      });
      expect((await serving.kpis({ by: ['model'] })).rows).toEqual([]);
      expect(await serving.requests()).toMatchObject({ total: 0, rows: [] });
    });

    it('has nothing to sync when gold has no build', async () => {
      expect(await serving.sync(gold.files)).toMatchObject({
        buildId: null,
        replaced: [],
        rows: 0,
      });
    });
  });

  describe('with two days', () => {
    beforeAll(async () => {
      for (const day of DAYS) await gold.setDay(day, 'b1', OF_DAY(day));
      await gold.setState('b1', '2026-01-09T00:30:00.000Z');
    });

    it('takes over all days, then has nothing to do', async () => {
      const steps: string[] = [];
      const first = await serving.sync(gold.files, {
        onProgress: ({ step, from, to }) => steps.push(`${step} ${from} ${to}`),
      });
      expect(first).toMatchObject({
        buildId: 'b1',
        replaced: DAYS,
        dropped: [],
        unchanged: 0,
        left: 0,
      });
      expect(steps).toEqual([
        'stage 2026-01-07 2026-01-08',
        'publish 2026-01-07 2026-01-08',
      ]);
      const before = await serving.state();
      expect(await serving.sync(gold.files)).toMatchObject({
        buildId: 'b1',
        replaced: [],
        unchanged: 2,
        rows: 0,
      });
      expect(await serving.state()).toEqual(before);
    });

    it('counts what came in by hour and class, whoever brought it', async () => {
      const hours = new Map<string, number>();
      for (const { requested_at } of REQUESTS) {
        const hour = `${requested_at.slice(0, 13)}:00:00.000Z`;
        hours.set(hour, (hours.get(hour) ?? 0) + 1);
      }
      const expected = [...hours]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([hour, requests]) => ({
          hour,
          read: requests + 18,
          accepted: requests + 1,
          ignored: 3,
          rejected: 12,
          duplicate: 2,
          reasons: { not_json: 4, schema: 8, unsupported_type: 3 },
        }));
      const { meta, rows, next } = await serving.ingestStats();
      expect([rows, next]).toEqual([expected, null]);
      expect(meta.build).not.toBeNull();

      const first = await serving.ingestStats({ limit: 2 });
      expect(first.rows).toEqual(expected.slice(0, 2));
      const rest = await serving.ingestStats({ cursor: first.next! });
      expect(rest.rows).toEqual(expected.slice(2));
      const day = { from: `${DAYS[1]}T00:59:59Z`, to: `${DAYS[1]}T01:00:01Z` };
      expect((await serving.ingestStats(day)).rows).toEqual(
        expected.filter(({ hour }) => /^2026-01-08T0[01]/.test(hour)),
      );
    });

    it('says what is served', async () => {
      const { meta } = await serving.kpis({
        from: '2026-01-07T10:59:00Z',
        to: '2026-01-08T10:01:00Z',
      });
      expect(meta).toMatchObject({
        build: { id: 'b1', tests: { passed: 1, failed: 0, warned: 0 } },
        watermark: '2026-01-09T00:30:00.000Z',
        simulated: false,
        firstHour: '2026-01-07T00:00:00.000Z',
        lastHour: '2026-01-08T23:00:00.000Z',
        window: {
          from: '2026-01-07T10:55:00.000Z',
          to: '2026-01-08T10:05:00.000Z',
          grain: '5m',
          state: 'final',
        },
      });
      const older = await serving.kpis({
        from: '2026-01-07T00:29:59Z',
        to: '2026-01-08T10:01:00Z',
      });
      expect(older.meta.window).toMatchObject({
        from: '2026-01-07T00:00:00.000Z',
        to: '2026-01-08T11:00:00.000Z',
        grain: '1h',
      });
      expect(meta.freshnessMs).toBeGreaterThan(0);
      const today = await serving.kpis({ to: '2026-01-09' });
      expect(today.meta.window.state).toBe('provisional');
    });

    it('gives the KPIs of the requests, however they are grouped (percentiles within 1 %)', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.subarray([...KPI_DIMENSIONS]),
          async (by: KpiDimension[]) => {
            const { rows } = await serving.kpis({ by });
            const groups = groupRequests(REQUESTS, by);
            expect(rows.map(row => keyOf(row, by)).sort()).toEqual(
              [...groups.keys()].sort(),
            );
            for (const row of rows) {
              const requests = groups.get(keyOf(row, by)) ?? [];
              expect(differences(row, requests)).toEqual([]);
            }
          },
        ),
        { numRuns: 15, examples: [[[]], [[...KPI_DIMENSIONS]]] },
      );
    });

    it.each([
      // The watermark is 2026-01-09T00:30.
      ['five minutes', '2026-01-07T05:32Z', '2026-01-07T05:30', '12:05'],
      ['hours', '2026-01-07T00:29Z', '2026-01-07T00:00', '13:00'],
    ])(
      'limits to the %s of the window and to the filters, null among them',
      async (_, from, first, end) => {
        const filters = {
          model: ['m0', null],
          gateway: [null],
          gpu: ['gpu0', 'gpu1', null],
        };
        const { rows } = await serving.kpis({
          from,
          to: '2026-01-08T12:03Z',
          by: ['model'],
          filters,
        });
        const matching = REQUESTS.filter(
          r =>
            r.requested_at >= first &&
            r.requested_at < `2026-01-08T${end}` &&
            filters.model.includes(r.model) &&
            r.gateway === '' &&
            filters.gpu.includes(r.gpu),
        );
        expect(matching.length).toBeGreaterThan(5);
        expect(rows.map(row => row.model)).toEqual(['m0', null]);
        const window = { from, to: '2026-01-08T12:03Z' };
        const { total } = await serving.requests({ ...window, filters });
        expect(total).toBe(matching.length);
        const slots = await serving.kpis({ ...window, by: ['slot'], filters });
        const served = slots.rows.reduce((sum, row) => sum + row.requests, 0);
        expect(served).toBe(matching.length);
        expect(slots.rows.map(row => row.slot)).toEqual(
          [...groupRequests(matching, ['slot']).keys()]
            .map(key => JSON.parse(key)[0])
            .sort(),
        );
        for (const row of rows) {
          const requests = matching.filter(r => r.model === row.model);
          expect(differences(row, requests)).toEqual([]);
        }
      },
    );

    it('orders rows by the dimensions asked, nulls last', async () => {
      const { rows } = await serving.kpis({ by: ['model', 'hour'] });
      const sorted = [...rows].sort((a, b) => {
        const [x, y] = [a, b].map(
          row => `${row.model ?? '\uffff'} ${row.hour}`,
        );
        if (x === y) return 0;
        return x < y ? -1 : 1;
      });
      expect(rows).toEqual(sorted);
      expect(rows[rows.length - 1].model).toBeNull();
    });

    it('takes hostile texts as data', async () => {
      const { rows } = await serving.kpis({
        by: ['pipeline'],
        filters: { pipeline: [EVIL] },
      });
      expect(rows).toMatchObject([{ pipeline: EVIL, requests: 1 }]);
      const found = await serving.requests({ requestId: EVIL });
      expect(found.total).toBe(1);
      for (const text of ["' OR 1=1 --", '\\', "\\'", '{x}', '%', '']) {
        const { total } = await serving.requests({ streamId: text });
        expect(total).toBe(0);
      }
    });

    it.each<[string, KpiQuery]>([
      ['There is no dimension "month"', { by: ['month' as KpiDimension] }],
      ['by lists a dimension twice', { by: ['hour', 'hour'] }],
      ['from must be an ISO 8601 time', { from: 'now' }],
    ])('says what is wrong: %s', async (message, query) => {
      const answer = serving.kpis(query);
      await expect(answer).rejects.toThrow(InvalidQueryError);
      await expect(answer).rejects.toThrow(message);
    });

    it('lists requests newest first, by page, with the total', async () => {
      const failed = REQUESTS.filter(
        r => r.outcome === 'failed' && r.model === 'm1',
      ).sort((a, b) => (a.requested_at < b.requested_at ? 1 : -1));
      const page = await serving.requests({
        outcome: ['failed'],
        filters: { model: ['m1'] },
        limit: 3,
        offset: 2,
      });
      expect(page.total).toBe(failed.length);
      expect(page.rows.map(row => row.request_id)).toEqual(
        failed.slice(2, 5).map(r => r.request_id),
      );
      const oldest = await serving.requests({ order: 'oldest' });
      expect(oldest.rows).toHaveLength(REQUESTS.length);
      expect(oldest.rows[0].requested_at).toBe(
        REQUESTS.map(r => r.requested_at).sort()[0],
      );
      await expect(serving.requests({ limit: -1 })).rejects.toThrow(
        'limit must be a whole number from 0 up; got -1',
      );
    });

    it('names the requests that a KPI counts, as many as its n, the worst first', async () => {
      const [kpis] = (await serving.kpis()).rows;
      const counted: Partial<Record<KpiId, number>> = {
        ptff: kpis.ptff_ms.n,
        e2e: kpis.e2e_ms.n,
        startup: kpis.startup_ms.n,
        jitter: kpis.jitter_n,
        failure_rate: kpis.failed,
        swap_rate: kpis.swapped,
      };
      for (const [kpi, n] of Object.entries(counted)) {
        const answer = await serving.requests({ kpi: kpi as KpiId, limit: 0 });
        expect([kpi, answer.total]).toEqual([kpi, n]);
      }
      const worst = async (kpi: KpiId, fact: keyof RequestRow) =>
        (await serving.requests({ kpi, limit: 5 })).rows.map(row => row[fact]);
      const startups = REQUESTS.flatMap(r => r.startup_ms ?? []);
      expect(await worst('startup', 'startup_ms')).toEqual(
        startups.sort((a, b) => b - a).slice(0, 5),
      );
      const frames = (await worst('output_fps', 'fps_mean')) as number[];
      expect(frames).toEqual([...frames].sort((a, b) => a - b));
    });

    it('gives the facts of one request', async () => {
      const known = REQUESTS.find(r => r.warm !== null && r.ptff_ms !== null);
      if (!known) throw new Error('no such request');
      const { rows } = await serving.requests({
        requestId: known.request_id,
        streamId: known.stream_id,
      });
      expect(rows).toEqual([
        expect.objectContaining({
          stream_id: known.stream_id,
          request_id: known.request_id,
          requested_at: known.requested_at,
          hour: dimensionOf(known, 'hour'),
          gateway: known.gateway,
          region: known.region,
          orchestrator: known.orchestrator,
          identity: 'canonical',
          model: known.model,
          gpu: known.gpu,
          warm: known.warm,
          ptff_ms: known.ptff_ms,
          overlay: known.overlay,
          fps_samples: known.samples.length,
          outcome: known.outcome,
          swapped: known.swapped,
        }),
      ]);
    });

    it('lists the values of the filters, most requests first, null last among equals', async () => {
      const { values } = await serving.dimensions({ from: '2026-01-08' });
      const groups = groupRequests(OF_DAY('2026-01-08'), ['gpu']);
      const expected = [...groups].map(([key, { length }]) => ({
        value: JSON.parse(key)[0],
        requests: length,
      }));
      expect(values.gpu).toHaveLength(expected.length);
      expect(values.gpu).toEqual(expect.arrayContaining(expected));
      const counts = values.model.map(({ requests }) => requests);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
      expect(values.gateway.map(({ value }) => value)).toContain('');
    });

    it('scores against the targets of the model, or else the network’s week before', async () => {
      const { rows } = await serving.scores({
        from: '2026-01-08',
        by: 'model',
      });
      const second = OF_DAY('2026-01-08').filter(r => r.model === 'm1');
      const first = OF_DAY('2026-01-07').filter(r => r.model === 'm1');
      const median = nearestRank(
        first.map(r => r.startup_ms).filter(ms => ms !== null),
        0.5,
      );
      const m1 = rows.find(row => row.key === 'm1');
      const { mean } = referenceKpis(second).startup_ms;
      expect(m1?.attainments.startup).toBeCloseTo(
        Math.min(1, 2 - (mean ?? NaN) / (median ?? NaN)),
        1,
      );
      // Over all that is served there is no week before; m0 has targets of its own.
      const all = await serving.scores({ by: 'model' });
      const attainments = (key: string) =>
        all.rows.find(row => row.key === key)?.attainments;
      expect(attainments('m1')).toMatchObject({ fps: null, startup: null });
      expect(attainments('m0')?.fps).toEqual(expect.any(Number));
      // What has no orchestrator is never scored.
      const { rows: scored } = await serving.scores({
        by: 'orchestrator',
      });
      expect(scored.map(row => row.key)).toEqual([
        'o0',
        'o1',
        'o2',
        'o3',
        'o4',
      ]);
      for (const { score } of scored) {
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(100);
      }
    });
  });

  describe('when gold changes', () => {
    const [first, second] = DAYS;

    it('replaces the changed day alone and serves the new build', async () => {
      await gold.setDay(second, 'b2', OF_DAY(second).slice(1));
      await gold.setState('b2', '2026-01-09T00:31:00.000Z');
      expect(await serving.sync(gold.files)).toMatchObject({
        buildId: 'b2',
        replaced: [second],
        unchanged: 1,
      });
      const { meta, rows } = await serving.kpis();
      expect(rows[0].requests).toBe(REQUESTS.length - 1);
      expect(meta.build?.id).toBe('b2');
      const { total } = await serving.requests({ limit: 0 });
      expect(total).toBe(REQUESTS.length - 1);
    });

    it('calls a window revised when one of its hours changed after it was final, and no other', async () => {
      const gone = OF_DAY(second)[0].requested_at;
      const hour = Date.parse(`${gone.slice(0, 13)}:00:00Z`);
      const state = async (from: number) => {
        const { meta } = await serving.kpis({
          from: new Date(from).toISOString(),
          to: new Date(from + 3_600_000).toISOString(),
        });
        return meta.window.state;
      };
      expect(await state(hour)).toBe('revised');
      expect(await state(hour - 3_600_000)).toBe('final');
      expect(await state(hour + 3_600_000)).toBe('final');
    });

    it('follows a build that changed no day', async () => {
      await gold.setState('b3', '2026-01-09T00:32:00.000Z');
      expect(await serving.sync(gold.files)).toMatchObject({
        buildId: 'b3',
        replaced: [],
      });
      expect((await serving.state()).watermark).toBe(
        '2026-01-09T00:32:00.000Z',
      );
    });

    it('keeps the old build and watermark while days are left out', async () => {
      await gold.setDay(first, 'b4', OF_DAY(first));
      await gold.setDay(second, 'b4', OF_DAY(second));
      await gold.setState('b4', '2026-01-09T00:33:00.000Z');
      expect(await serving.sync(gold.files, { days: [first] })).toMatchObject({
        buildId: 'b3',
        replaced: [first],
        left: 1,
      });
      expect(await serving.sync(gold.files)).toMatchObject({
        buildId: 'b4',
        replaced: [second],
        left: 0,
      });
      expect((await serving.kpis()).rows[0].requests).toBe(REQUESTS.length);
    });

    it('drops a day that gold has no more', async () => {
      await gold.removeDay(first);
      await gold.setState('b5', '2026-01-09T00:34:00.000Z');
      expect(await serving.sync(gold.files)).toMatchObject({
        replaced: [],
        dropped: [first],
      });
      const { meta, rows } = await serving.kpis();
      expect(rows[0].requests).toBe(OF_DAY(second).length);
      expect(meta.firstHour).toBe('2026-01-08T00:00:00.000Z');
      expect((await serving.requests({ limit: 0 })).total).toBe(
        OF_DAY(second).length,
      );
      await gold.setDay(first, 'b6', OF_DAY(first));
      await gold.setState('b6', '2026-01-09T00:35:00.000Z');
      await serving.sync(gold.files);
      expect((await serving.kpis()).rows[0].requests).toBe(REQUESTS.length);
    });

    it('empties a day whose tables have no rows', async () => {
      await gold.setDay(first, 'b7', []);
      await gold.setState('b7', '2026-01-09T00:36:00.000Z');
      expect(await serving.sync(gold.files)).toMatchObject({
        replaced: [first],
      });
      expect((await serving.kpis()).rows[0].requests).toBe(
        OF_DAY(second).length,
      );
      await gold.setDay(first, 'b8', OF_DAY(first));
      await gold.setState('b8', '2026-01-09T00:37:00.000Z');
      await serving.sync(gold.files);
    });

    it('takes many days in several publications, the newest first, and names the build with the last', async () => {
      const old = ['2025-12-27', '2025-12-28', '2025-12-29', '2025-12-30'];
      for (const [i, day] of old.entries()) {
        await gold.setDay(day, 'many', randomRequests(day, 1, 1000 + i));
      }
      await gold.setState('many', '2026-01-09T00:37:10.000Z');
      const { files } = gold;
      const served: Array<[build: string | undefined, more: number]> = [];
      const threeAtOnce = goldThrough(files, async (snapshot, days) => {
        const { meta, rows } = await serving.kpis();
        served.push([meta.build?.id, rows[0].requests - REQUESTS.length]);
        return snapshot.export(days.slice(0, 3));
      });
      const published: Array<[from?: string, to?: string]> = [];
      expect(
        await serving.sync(threeAtOnce, {
          onProgress: ({ step, from, to }) => {
            if (step === 'publish') published.push([from, to]);
          },
        }),
      ).toMatchObject({ replaced: old, unchanged: 2, left: 0 });
      expect(published).toEqual([
        [old[1], old[3]],
        [old[0], old[0]],
      ]);
      expect(served).toEqual([
        ['b8', 0],
        ['b8', 3],
      ]);
      const { meta, rows } = await serving.kpis();
      expect(meta.build?.id).toBe('many');
      expect(rows[0].requests).toBe(REQUESTS.length + old.length);
    });

    it('serves the others of a month when one of its days gets much, gets little again, and goes', async () => {
      const day = '2025-12-30';
      const december = async () =>
        (
          await serving.kpis({
            from: '2025-12-01',
            to: '2026-01-01',
            by: ['day'],
          })
        ).rows.map(row => row.requests);
      const others = (ofDay: number[]) => [1, 1, 1, ...ofDay];
      for (const [i, count] of [40, 50, 2].entries()) {
        await gold.setDay(day, `much${i}`, randomRequests(day, count, 7 + i));
        await gold.setState(`much${i}`, `2026-01-09T00:37:2${i}.000Z`);
        expect(await serving.sync(gold.files)).toMatchObject({
          replaced: [day],
        });
        expect(await december()).toEqual(others([count]));
      }
      await gold.removeDay(day);
      await gold.setState('gone', '2026-01-09T00:37:30.000Z');
      expect(await serving.sync(gold.files)).toMatchObject({ dropped: [day] });
      expect(await december()).toEqual(others([]));
      for (const other of await gold.files.days()) {
        if (other < '2026') await gold.removeDay(other);
      }
      await gold.setState('forgotten', '2026-01-09T00:37:40.000Z');
      await serving.sync(gold.files);
      expect((await serving.kpis()).rows[0].requests).toBe(REQUESTS.length);
    });

    it('serves the build that it took, then the one that was built meanwhile: days are of one build', async () => {
      await gold.setDay(first, 'b9', OF_DAY(first).slice(1));
      await gold.setState('b9', '2026-01-09T00:38:00.000Z');
      const { files } = gold;
      const served: Array<[build: string | undefined, requests: number]> = [];
      const moving = goldThrough(files, async (snapshot, days) => {
        const { meta, rows } = await serving.kpis();
        served.push([meta.build?.id, rows[0].requests]);
        if (served.length === 1) {
          await gold.setDay(first, 'b10', OF_DAY(first));
          await gold.setState('b10', '2026-01-09T00:39:00.000Z');
        }
        return snapshot.export(days);
      });
      expect(await serving.sync(moving)).toMatchObject({ buildId: 'b10' });
      expect(served).toEqual([
        ['forgotten', REQUESTS.length],
        ['b9', REQUESTS.length - 1],
      ]);
      expect((await serving.kpis()).rows[0].requests).toBe(REQUESTS.length);
    });

    it.each([
      ['rows', { rows: 1 }, /Staged \d+ rows of kpi_hourly.*gold exported 1/],
      ['a sum', { sums: { requests: 1 } }, /sum of requests of kpi_hourly/],
      ['a float', { sums: { fps_sum: 1.5 } }, /sum of fps_sum of kpi_hourly/],
      ['a column', { sums: { 'x); --': 1 } }, /sums column "x\); --"/],
    ])(
      'publishes nothing when %s differs from what gold exported',
      async (_, wrong, message) => {
        await gold.setDay(second, 'bad', OF_DAY(second).slice(10));
        await gold.setState('bad', '2026-01-09T00:40:00.000Z');
        const { files } = gold;
        const lying = goldThrough(files, async (snapshot, days) => {
          const exported = await snapshot.export(days);
          Object.assign(exported.days[0].tables.kpi_hourly, wrong);
          return exported;
        });
        const before = await serving.state();
        const synced = serving.sync(lying);
        await expect(synced).rejects.toThrow(SyncVerificationError);
        await expect(synced).rejects.toThrow(message);
        expect(await serving.state()).toEqual(before);
        expect((await serving.kpis()).rows[0].requests).toBe(REQUESTS.length);
      },
    );

    it.each([
      ['lacks a column', '* EXCLUDE overlay'],
      ['has a null where a count must be', '* REPLACE (NULL AS overlay)'],
    ])('publishes nothing when a file %s', async (_, columns) => {
      const { files } = gold;
      const broken = goldThrough(files, async (snapshot, days) => {
        const exported = await snapshot.export(days);
        const { kpi_hourly: paths } = exported.files;
        paths[0] = await gold.copy(
          `SELECT ${columns} FROM '${paths[0]}'`,
          'broken',
        );
        return exported;
      });
      await expect(serving.sync(broken)).rejects.toThrow(/overlay|NULL/);
      expect((await serving.kpis()).rows[0].requests).toBe(REQUESTS.length);
    });

    it('stops before it publishes when it is aborted', async () => {
      const abort = new AbortController();
      const synced = serving.sync(gold.files, {
        signal: abort.signal,
        onProgress: () => abort.abort(new Error('stop')),
      });
      await expect(synced).rejects.toThrow('stop');
      expect((await serving.state()).build?.id).toBe('b10');
    });

    it('lets no reader see two builds, and one sync run at a time', async () => {
      // In the one build all requests are of m0, in the other of m1, and there are fewer of them.
      const builds = [OF_DAY(second), OF_DAY(second).slice(20)].map((day, i) =>
        day.map(request => ({ ...request, model: `m${i}` })),
      );
      await gold.removeDay(first);
      let reading = true;
      const seen = new Set<string>();
      /** What is wrong with an answer of one of these builds. */
      const wrong: string[] = [];
      const check = (
        { build }: AnswerMeta,
        problems: (requests: SyntheticRequest[]) => string[],
      ) => {
        if (!build?.id.startsWith('flip')) return;
        seen.add(build.id);
        wrong.push(...problems(builds[Number(build.id[4]) % 2]));
      };
      const read = async () => {
        while (reading) {
          // Answers from memory alone would let nothing else run.
          await setImmediate();
          const kpis = await serving.kpis({ by: ['model'] });
          check(kpis.meta, build =>
            kpis.rows.length === 1 && kpis.rows[0].model === build[0].model
              ? differences(kpis.rows[0], build)
              : [`models ${kpis.rows.map(row => row.model)}`],
          );
          const { meta, total } = await serving.requests({ limit: 1 });
          check(meta, ({ length }) =>
            total === length ? [] : [`${total} requests, not ${length}`],
          );
        }
      };
      const readers = Promise.all([read(), read()]);
      try {
        for (let i = 0; i < 4; i++) {
          await gold.setDay(second, `flip${i}`, builds[i % 2]);
          await gold.setState(`flip${i}`, '2026-01-09T00:41:00.000Z');
          const synced = serving.sync(gold.files);
          await expect(serving.sync(gold.files)).rejects.toThrow(
            'A sync is already running',
          );
          await synced;
        }
      } finally {
        reading = false;
        await readers;
      }
      expect(wrong).toEqual([]);
      expect(seen.size).toBeGreaterThan(1);
    });
  });
});
