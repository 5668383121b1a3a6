import type { ScrapeTargetKind } from '@naap/events';
import { noFindings } from './Findings';
import { QUESTIONS } from './questions';

/** What the kind finds when its paths answer these bodies. */
function read(kind: ScrapeTargetKind, answers: Record<string, unknown>) {
  const found = noFindings();
  for (const { path, read: reader } of QUESTIONS[kind]) {
    const answer = answers[path];
    if (answer === undefined) continue;
    reader(typeof answer === 'string' ? answer : JSON.stringify(answer), found);
  }
  return found;
}

const runner = (more: object) => ({
  url: 'https://r.example:8443',
  app: 'live-video-to-video/org/model-v2',
  version: '0.14.1',
  capacity: 2,
  capacity_used: 1,
  capacity_available: 1,
  mode: 'persistent',
  gpu: { id: 'GPU-1', name: 'NVIDIA GeForce RTX 4090', vram_mb: 24_564 },
  price_info: { price: '1635.021', currency: 'wei', unit: 'pixel' },
  ...more,
});

describe('GET /discovery', () => {
  const discovery = (...runners: unknown[]) =>
    read('orchestrator', { '/discovery': [{ address: 'x', runners }] });

  it('says runners with model, price and capacity, and their GPUs', () => {
    const { runners, gpus } = discovery(runner({}));
    expect(runners).toEqual([
      {
        url: 'https://r.example:8443',
        pipeline: 'live-video-to-video',
        model: 'org/model-v2',
        version: '0.14.1',
        mode: 'persistent',
        capacity: 2,
        capacity_used: 1,
        capacity_available: 1,
        price: 1635.021,
        price_currency: 'wei',
        price_unit: 'pixel',
        gpu_id: 'GPU-1',
      },
    ]);
    expect(gpus).toMatchObject([
      { id: 'GPU-1', memory_total: 24_564 * 1024 ** 2, memory_free: null },
    ]);
  });

  it('takes what is missing or odd for unknown, never for zero', () => {
    const { runners, gpus } = discovery(
      {},
      runner({
        capacity: -1,
        capacity_used: 'many',
        gpu: null,
        app: 7,
        mode: 1,
      }),
      null,
    );
    expect(runners).toHaveLength(3);
    expect(runners[1]).toMatchObject({
      capacity: null,
      capacity_used: null,
      capacity_available: 1,
      pipeline: null,
      model: null,
      mode: null,
      gpu_id: null,
    });
    expect(gpus).toEqual([]);
  });

  it('has bounds: runners, GPUs and texts', () => {
    const many = Array.from({ length: 1_000 }, (_, i) =>
      runner({ version: 'x'.repeat(10_000), gpu: { id: `GPU-${i}` } }),
    );
    const { runners, gpus } = discovery(...many);
    expect([runners.length, gpus.length]).toEqual([256, 256]);
    expect(runners[0].version).toHaveLength(512);
  });

  it('counts the runners that are not kept, and their capacity is a part of the capacity', () => {
    const entry = { runners: Array.from({ length: 10 }, () => runner({})) };
    const found = read('orchestrator', {
      '/discovery': Array.from({ length: 100 }, () => entry),
    });
    expect(found.runners).toHaveLength(256);
    expect(found.runners_total).toBe(1000);
    expect(found.capacity).toEqual({
      total: 2000,
      used: 1000,
      available: 1000,
    });
  });

  it('says no capacity that no runner says, and tells no runners from no answer', () => {
    expect(discovery()).toMatchObject({
      runners_total: 0,
      capacity: { total: null, used: null, available: null },
    });
    expect(discovery(runner({}), runner({ capacity: null }))).toMatchObject({
      runners_total: 2,
      capacity: { total: 2, used: 2, available: 2 },
    });
    expect(read('orchestrator', {}).runners_total).toBeNull();
    expect(
      read('runner', { '/version': { version: '0.14.1' } }).runners_total,
    ).toBeNull();
  });

  it('tells GPUs by id where the driver gave it, and by id and name where a container counts its own', () => {
    const { gpus } = discovery(
      runner({ gpu: { id: 'GPU-1', name: 'NVIDIA H100', vram_mb: 1 } }),
      runner({ gpu: { id: 'GPU-1', name: 'H100 of another name' } }),
      runner({ gpu: { id: '0', name: 'NVIDIA H100', vram_mb: 1 } }),
      runner({ gpu: { id: '0', name: 'NVIDIA L4' } }),
      runner({ gpu: { id: '0', name: 'NVIDIA H100', vram_mb: 2 } }),
      runner({ gpu: { id: 'gpu-1', name: 'NVIDIA L4' } }),
      runner({ gpu: { id: 'gpu-1', name: 'NVIDIA T4' } }),
    );
    expect(gpus.map(({ id, name }) => [id, name])).toEqual([
      ['GPU-1', 'H100 of another name'],
      ['0', 'NVIDIA H100'],
      ['0', 'NVIDIA L4'],
      ['gpu-1', 'NVIDIA L4'],
      ['gpu-1', 'NVIDIA T4'],
    ]);
    expect(gpus[1].memory_total).toBe(2 * 1024 ** 2);
  });

  it('takes names with over 512 characters for empty and cuts none', () => {
    const long = '😀'.repeat(513);
    const { runners, gpus } = discovery(
      runner({
        url: long,
        app: `${long}/${long}`,
        gpu: { id: long, name: 'NVIDIA H100' },
      }),
      runner({ app: `p/${long.slice(2)}` }),
    );
    expect(runners).toMatchObject([
      { url: null, pipeline: null, model: null, gpu_id: null },
      { pipeline: 'p', model: long.slice(2) },
    ]);
    expect(gpus[0]).toMatchObject({ id: null, name: 'NVIDIA H100' });
  });

  it('cuts no character in half', () => {
    const { runners } = discovery(runner({ version: `${'x'.repeat(511)}😀` }));
    expect(runners[0].version?.isWellFormed()).toBe(true);
  });
});

describe('an ai-runner', () => {
  const gpu = (more: object) => ({
    id: 'GPU-1',
    name: 'NVIDIA H100',
    memory_total: 85_520_809_984,
    ...more,
  });

  it('says health, model, version, and one GPU from two answers', () => {
    expect(
      read('runner', {
        '/health': { status: 'OK' },
        '/version': { pipeline: 'p', model_id: 'm', version: '0.14.1' },
        '/hardware/info': { gpu_info: { 0: gpu({ memory_free: 5 }) } },
        '/hardware/stats': {
          gpu_stats: {
            0: gpu({ utilization_compute: 87, utilization_memory: 0 }),
          },
        },
      }),
    ).toMatchObject({
      health: 'OK',
      version: '0.14.1',
      runners: [
        { pipeline: 'p', model: 'm', version: '0.14.1', gpu_id: 'GPU-1' },
      ],
      gpus: [
        { memory_free: 5, utilization_compute: 87, utilization_memory: 0 },
      ],
    });
  });

  it('measures no use beyond 100 %', () => {
    const { gpus } = read('runner', {
      '/hardware/stats': {
        gpu_stats: { 0: gpu({ utilization_compute: 250 }) },
      },
    });
    expect(gpus[0].utilization_compute).toBeNull();
  });

  it('names no GPU as the one when it has two', () => {
    const { runners, gpus } = read('runner', {
      '/hardware/info': { gpu_info: { 0: gpu({}), 1: gpu({ id: 'GPU-2' }) } },
    });
    expect(gpus).toHaveLength(2);
    expect(runners).toMatchObject([{ gpu_id: null }]);
  });
});

describe('a node', () => {
  it('says its version, its AI series, and what it knows of the network', () => {
    const exposition = [
      '# HELP livepeer_ai_container_in_use Containers',
      'livepeer_ai_container_in_use{model="a \\"b\\" \\\\ \\n",node_id="n"} 3',
      'livepeer_ai_first_segment_delay_ms_bucket{le="0.1"} 4',
      'livepeer_ai_first_segment_delay_ms_sum 812.5 1772043171045',
      'livepeer_ai_request_price NaN',
      'livepeer_segment_source_appeared_total 9',
      'livepeer_ai_broken{le="',
      'go_goroutines 12',
    ].join('\n');
    expect(
      read('node', {
        '/status': { Version: '0.9.1' },
        '/metrics': exposition,
        '/getNetworkCapabilities': {
          orchestrators: [
            { address: '0xa' },
            { address: '' },
            { address: 'x'.repeat(513) },
            7,
          ],
        },
      }),
    ).toMatchObject({
      version: '0.9.1',
      metrics: [
        {
          name: 'livepeer_ai_container_in_use',
          labels: { model: 'a "b" \\ \n', node_id: 'n' },
          value: 3,
        },
        {
          name: 'livepeer_ai_first_segment_delay_ms_sum',
          labels: {},
          value: 812.5,
        },
      ],
      capabilities: [{ address: '0xa' }],
    });
  });

  it('says at most 500 series', () => {
    const line = 'livepeer_ai_gpus_idle{a="b"} 1\n';
    expect(
      read('node', { '/metrics': line.repeat(2_000) }).metrics,
    ).toHaveLength(500);
  });

  it('is read in time even when it is made to be slow to read', () => {
    // Of the processor, not of the clock: a busy machine doesn't count.
    const before = process.cpuUsage();
    const quotes = `livepeer_ai_x{${'a="'.repeat(2_700)}\n`;
    read('node', { '/metrics': quotes.repeat(120) });
    const letters = `livepeer_ai_x{${'a'.repeat(8_100)}} 1\n`;
    read('node', { '/metrics': letters.repeat(120) });
    expect(process.cpuUsage(before).user).toBeLessThan(4_000_000);
  });
});
