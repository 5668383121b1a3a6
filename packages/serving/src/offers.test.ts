import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  GoldWriter,
  randomRequests,
  SyntheticRequest,
} from './__testUtils__/gold';
import { Serving } from './serving';

const DAY = '2026-01-07';
const REQUESTS = randomRequests(DAY, 300, 5);
const hourOf = ({ requested_at }: SyntheticRequest) =>
  `${requested_at.slice(0, 13)}:00:00.000Z`;

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

  it('supply adds up within an hour and is a mean over the hours', async () => {
    const offered = new Map<string, number>();
    for (const request of REQUESTS) {
      const { orchestrator, model } = request;
      if (orchestrator === null || model === null) continue;
      const place = `${hourOf(request)} ${orchestrator} ${model}`;
      offered.set(place, (offered.get(place) ?? 0) + 1);
    }
    const hours = new Set([...offered.keys()].map(place => place.slice(0, 24)));
    const busy = [...offered.values()].reduce((a, n) => a + Math.min(n, 10), 0);
    const { rows } = await serving.supply();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ hours: hours.size, orchestrators: 5 });
    expect(rows[0].capacity).toBeCloseTo((offered.size * 10) / hours.size);
    expect(rows[0].capacity_in_use).toBeCloseTo(busy / hours.size);
    expect(rows[0].gpus).toBeGreaterThan(0);
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
