import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { GoldWriter } from './__testUtils__/gold';
import { randomObservations, SyntheticObservation } from './testing/network';
import { nearestRank } from './__testUtils__/reference';
import {
  AVAILABILITY_DIMENSIONS,
  AvailabilityDimension,
  AvailabilityRow,
} from './contract';
import { InvalidQueryError } from './errors';
import { Serving } from './serving';
import { wilsonInterval } from './statistics';

const DAYS = ['2026-01-07', '2026-01-08'];
const HOUR = 3_600_000;

const OBSERVATIONS = DAYS.flatMap((day, i) => randomObservations(day, i + 1));

const valueOf = (o: SyntheticObservation, name: AvailabilityDimension) => {
  const hour = new Date(Math.floor(Date.parse(o.began_at) / HOUR) * HOUR);
  if (name === 'hour') return hour.toISOString();
  return name === 'day' ? o.began_at.slice(0, 10) : o[name];
};

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: number[]) =>
  values.length > 0 ? sum(values) / values.length : null;
const known = (values: Array<number | null>) =>
  values.filter(value => value !== null);

function groups<T>(items: T[], keyOf: (item: T) => unknown): T[][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return [...found.values()];
}

/** The mean of a group by docs/kpis.md §6, from its observations. */
function capacity(
  heard: SyntheticObservation[],
  name: 'capacity' | 'in_use' | 'available',
): number | null {
  const perHour = groups(heard, o => valueOf(o, 'hour')).map(ofHour =>
    known(
      groups(ofHour, o => o.url).map(of => mean(known(of.map(o => o[name])))),
    ),
  );
  return mean(perHour.filter(urls => urls.length > 0).map(sum));
}

/** What an answer must say of some observations; percentiles exact. */
function expected(observations: SyntheticObservation[]) {
  const asked = observations.filter(o => o.kind === 'orchestrator');
  const counted = asked.filter(o => !o.masked && !o.refused);
  const heard = counted.filter(o => o.reachable);
  const both = heard.filter(o => o.capacity !== null && o.in_use !== null);
  const times = known(heard.map(o => o.response_ms));
  const gpus = observations
    .filter(o => o.reachable && !o.masked)
    .flatMap(o => o.gpus.map(gpu => ({ ...gpu, url: o.url })));
  const [low, high] = wilsonInterval(heard.length, counted.length);
  return {
    observations: counted.length,
    reachable: heard.length,
    availability: counted.length > 0 ? heard.length / counted.length : null,
    availability_low: low,
    availability_high: high,
    refused: asked.filter(o => !o.masked && o.refused).length,
    masked: asked.filter(o => o.masked).length,
    'response_ms.n': times.length,
    'response_ms.mean': mean(times),
    'response_ms.p50': nearestRank(times, 0.5),
    'response_ms.p95': nearestRank(times, 0.95),
    'capacity.n': known(heard.map(o => o.capacity)).length,
    'capacity.total': capacity(heard, 'capacity'),
    'capacity.in_use': capacity(heard, 'in_use'),
    'capacity.available': capacity(heard, 'available'),
    'capacity.share_in_use':
      both.length > 0
        ? sum(both.map(o => o.in_use!)) / sum(both.map(o => o.capacity!))
        : null,
    'gpu_utilization.n': gpus.length,
    'gpu_utilization.gpus': new Set(
      gpus.map(({ id, url }) => (id.startsWith('GPU-') ? id : `${id} ${url}`)),
    ).size,
    'gpu_utilization.mean': mean(gpus.map(gpu => gpu.used)),
  };
}

function differences(
  row: AvailabilityRow,
  observations: SyntheticObservation[],
) {
  return Object.entries(expected(observations)).flatMap(([path, value]) => {
    const actual = path
      .split('.')
      .reduce<unknown>(
        (part, name) => (part as Record<string, unknown>)[name],
        row,
      );
    const tolerance = /\.p\d\d$/.test(path) ? 0.01 : 1e-9;
    const same =
      typeof actual === 'number' && value !== null
        ? Math.abs(actual - value) <= tolerance * Math.abs(value)
        : actual === value;
    return same ? [] : [`${path}: ${actual}, expected ${value}`];
  });
}

describe('availability', () => {
  let directory: string;
  let gold: GoldWriter;
  let serving: Serving;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-availability-'));
    gold = await GoldWriter.create(join(directory, 'gold'));
    serving = await Serving.open({ path: join(directory, 'chdb') });
    for (const day of DAYS) {
      const ofDay = OBSERVATIONS.filter(o => o.began_at.startsWith(day));
      await gold.setDay(day, 'build', [], ofDay);
    }
    await gold.setState('build', '2026-01-09T00:00:00Z');
    await serving.sync(gold.files);
  });

  afterAll(async () => {
    await serving?.close();
    gold?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const CUTS: AvailabilityDimension[][] = [
    [],
    ...AVAILABILITY_DIMENSIONS.map(name => [name]),
    ['orchestrator', 'hour'],
    ['day', 'url', 'orchestrator'],
  ];

  it.each(CUTS.map(by => ({ by })))(
    'by $by equals what its observations give',
    async ({ by }) => {
      const { rows } = await serving.availability({ by });
      const keyOf = (o: SyntheticObservation) => by.map(n => valueOf(o, n));
      const wanted = groups(OBSERVATIONS, keyOf).filter(
        of =>
          by.length === 0 ||
          of.some(
            o => o.kind === 'orchestrator' || (o.gpus.length > 0 && !o.masked),
          ),
      );
      expect(rows).toHaveLength(wanted.length);
      for (const of of wanted) {
        const row = rows.find(r => by.every(n => r[n] === valueOf(of[0], n)))!;
        expect(differences(row, of)).toEqual([]);
      }
    },
  );

  it('keeps to its window and to the orchestrators asked for, null for those of nobody', async () => {
    const from = '2026-01-07T05:00:00Z';
    const to = '2026-01-08T03:00:00Z';
    for (const orchestrator of ['o1', null]) {
      const { rows, meta } = await serving.availability({
        from,
        to,
        filters: { orchestrator: [orchestrator] },
      });
      const of = OBSERVATIONS.filter(
        o =>
          o.orchestrator === orchestrator &&
          Date.parse(o.began_at) >= Date.parse(from) &&
          Date.parse(o.began_at) < Date.parse(to),
      );
      expect(differences(rows[0], of)).toEqual([]);
      expect(meta.window.from).toBe('2026-01-07T05:00:00.000Z');
    }
  });

  it('tells prices by model and unit, in their order', async () => {
    const { rows } = await serving.availability({ by: ['url'] });
    const { prices } = rows.find(row => row.url === 'https://c')!;
    const heard = OBSERVATIONS.filter(
      o => o.url === 'https://c' && o.reachable && !o.masked,
    );
    const n = (unit: string) =>
      heard.filter(o => o.prices[0].unit === unit).length;
    expect(prices).toEqual(
      ['hour', 'second'].map(unit => ({
        pipeline: null,
        model: 'm',
        currency: null,
        unit,
        n: n(unit),
        mean: 3,
      })),
    );
  });

  it('has no evidence where nothing was asked: null, not 0', async () => {
    const { rows } = await serving.availability({ from: '2026-02-01' });
    expect(rows).toEqual([
      {
        observations: 0,
        reachable: 0,
        availability: null,
        availability_low: 0,
        availability_high: 1,
        refused: 0,
        masked: 0,
        response_ms: { n: 0, mean: null, p50: null, p95: null, p99: null },
        capacity: {
          n: 0,
          total: null,
          in_use: null,
          available: null,
          share_in_use: null,
        },
        gpu_utilization: { n: 0, gpus: 0, mean: null },
        prices: [],
      },
    ]);
  });

  it('refuses what it can’t be grouped by or filtered on', async () => {
    await expect(
      serving.availability({ by: ['model' as 'url'] }),
    ).rejects.toThrow(InvalidQueryError);
    await expect(
      serving.availability({ filters: { model: ['m'] } as object }),
    ).rejects.toThrow(InvalidQueryError);
  });
});
