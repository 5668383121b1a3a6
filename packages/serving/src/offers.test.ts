import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { GoldWriter } from './__testUtils__/gold';
import { randomRequests, SyntheticRequest } from './testing/network';
import { Serving } from './serving';

const DAY = '2026-01-07';
const hourOf = ({ requested_at }: SyntheticRequest) =>
  `${requested_at.slice(0, 13)}:00:00.000Z`;
/** Nobody is listed in the fourth hour, though there are reports. */
const REQUESTS = randomRequests(DAY, 300, 5)
  .filter(request => !hourOf(request).includes('T03'))
  .map((request, i) => ({
    ...request,
    goes_on: i % 9 === 0 && !hourOf(request).includes('T23'),
  }));

describe('GPUs, supply, swaps and deploys', () => {
  let directory: string;
  let gold: GoldWriter;
  let serving: Serving;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-offers-'));
    gold = await GoldWriter.create(join(directory, 'gold'));
    await gold.setDay(DAY, 'b1', REQUESTS);
    await gold.setState('b1', '2026-01-09T00:00:00.000Z');
    serving = await Serving.open({ path: join(directory, 'chdb') });
    await serving.sync(gold.files);
  });

  afterAll(async () => {
    await serving.close();
    gold.close();
    await rm(directory, { recursive: true });
  });

  it('GPUs of one name are told apart by their ids, and add up to the network', async () => {
    const { rows } = await serving.gpus();
    const of = (id: string) =>
      REQUESTS.filter(
        ({ orchestrator, gpu, samples }) =>
          orchestrator === 'o1' && gpu && `${gpu}-${samples.length % 2}` === id,
      ).length;
    for (const id of ['gpu1-0', 'gpu1-1']) {
      expect(of(id)).toBeGreaterThan(0);
      expect(
        rows.find(row => row.orchestrator === 'o1' && row.gpu_id === id),
      ).toMatchObject({ gpu: 'gpu1', requests: of(id) });
    }
    expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(
      REQUESTS.length,
    );
  });

  it('a GPU has what its reports tell, and is there without requests too', async () => {
    const { rows } = await serving.gpus({ gpuId: ['gpu1-1', 'idle'] });
    expect(
      rows
        .filter(({ orchestrator }) => orchestrator === 'o1')
        .map(({ gpu_id, stable, first_seen_at }) => [
          gpu_id,
          stable,
          first_seen_at,
        ]),
    ).toEqual([
      ['gpu1-1', true, '2026-01-07T00:00:00.000Z'],
      ['idle', null, '2026-01-07T00:00:00.000Z'],
    ]);
    expect(rows.find(({ gpu_id }) => gpu_id === 'idle')?.fps_mean).toBeNull();
  });

  it('supply adds up within an hour and is a mean over the hours that have a report of anybody', async () => {
    const offered = new Map<string, number>();
    for (const request of REQUESTS) {
      const { orchestrator, model } = request;
      if (orchestrator === null || model === null) continue;
      const place = `${hourOf(request)} ${orchestrator} ${model}`;
      offered.set(place, (offered.get(place) ?? 0) + 1);
    }
    const busy = [...offered.values()].reduce((a, n) => a + Math.min(n, 10), 0);
    const { rows } = await serving.supply();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ hours: 24, orchestrators: 5 });
    expect(rows[0].capacity).toBeCloseTo((offered.size * 10) / 24);
    expect(rows[0].capacity_in_use).toBeCloseTo(busy / 24);

    const own = await serving.supply({
      by: ['orchestrator'],
      filters: { orchestrator: ['o1'], model: ['m1'] },
    });
    const places = [...offered.keys()].filter(key => key.endsWith('o1 m1'));
    expect(places.length).toBeLessThan(24);
    expect(own.rows[0].hours).toBe(24);
    expect(own.rows[0].capacity).toBeCloseTo((places.length * 10) / 24);

    const byHour = await serving.supply({ by: ['hour'] });
    expect(byHour.rows.map(({ hours }) => hours)).toEqual(Array(23).fill(1));
    const unheard = await serving.supply({ filters: { model: ['nobody'] } });
    expect(unheard.rows[0]).toMatchObject({ hours: 24, capacity: 0 });
    const before = await serving.supply({ to: '2026-01-01' });
    expect(before.rows[0]).toMatchObject({ hours: 0, capacity: null });
  });

  it('GPUs of supply are distinct ids, once per orchestrator', async () => {
    const { rows } = await serving.supply();
    const ids = REQUESTS.flatMap(({ orchestrator, model, gpu, samples }) =>
      orchestrator === null || model === null || gpu === null
        ? []
        : [`${orchestrator} ${gpu}-${samples.length % 2}`],
    );
    expect(rows[0].gpus).toBe(new Set(ids).size);
  });

  it('a later hour that requests served in has their inference, and no request of its own', async () => {
    const on = REQUESTS.filter(request => request.goes_on);
    const { rows } = await serving.kpis({ by: ['hour', 'orchestrator'] });
    const later = rows.filter(({ requests }) => requests === 0);
    expect(later.length).toBeGreaterThan(0);
    expect(later.every(row => row.inference_ms > 0)).toBe(true);
    expect(later[0]).toMatchObject({
      payments: 0,
      failure_rate: null,
      fps_mean: null,
    });
    const minutes = REQUESTS.length + on.length / 2;
    expect(
      rows.reduce((sum, row) => sum + row.inference_minutes, 0),
    ).toBeCloseTo(minutes);
    const [network] = (await serving.kpis()).rows;
    expect(network.inference_ms).toBe(minutes * 60_000);
    expect(network.requests).toBe(REQUESTS.length);
  });

  it('lists the URLs that several claim in their order, page by page', async () => {
    const first = await serving.contested({ limit: 1 });
    expect(first.rows).toEqual([
      {
        url: 'https://a.example',
        addresses: ['o0', 'o1'],
        first_seen_at: '2026-01-07T00:00:00.000Z',
        last_seen_at: '2026-01-08T00:00:00.000Z',
        reports: 7,
      },
    ]);
    const second = await serving.contested({ cursor: first.next! });
    expect(second.rows.map(({ url }) => url)).toEqual(['https://b.example']);
    expect(second.next).toBeNull();
  });

  it('swaps are counted by whom was left and who followed', async () => {
    const swapped = REQUESTS.filter(request => request.swapped);
    const { rows } = await serving.swaps();
    expect(swapped.length).toBeGreaterThan(5);
    expect(rows.reduce((sum, { swaps }) => sum + swaps, 0)).toBe(
      swapped.length,
    );
    const followed = swapped.filter(
      ({ orchestrator, outcome }) => orchestrator === 'o1' && outcome === 'ok',
    );
    expect(
      rows.find(({ from, to }) => from === 'o1' && to === 'o0')?.swaps ?? 0,
    ).toBe(followed.length);
    expect(rows.reduce((sum, { failed }) => sum + failed, 0)).toBe(
      swapped.filter(({ outcome }) => outcome === 'failed').length,
    );
  });

  it('orchestrators have the name of who runs them, as it is, and an exact stake', async () => {
    const [{ name, contact, stake_lpt: stake }] = (await serving.inventory())
      .orchestrators;
    expect([name, contact, stake]).toEqual([
      'Acme <b>',
      null,
      '1000.000000000000000001',
    ]);
  });

  it('deploys are in the inventory', async () => {
    expect((await serving.inventory()).deploys).toEqual([
      {
        orchestrator: 'o1',
        model: 'm0',
        version: '0.14',
        first_seen_at: '2026-01-07T00:00:00.000Z',
      },
    ]);
  });
});
