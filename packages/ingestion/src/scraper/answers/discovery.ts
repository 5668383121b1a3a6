import type { ScrapeGpu, ScrapeRunner } from '@naap/events';
import { fields, name, quantity, sum, text } from './bounded';
import { Findings, isArray, parseJson, Reader } from './Findings';
import { addGpu } from './gpus';

/** So many of a target are kept. */
export const MAX_RUNNERS = 256;
const MEBIBYTE = 1024 * 1024;

/** `live-video-to-video/<model>`; a model's name may have slashes too. */
function appOf(app: unknown): Pick<ScrapeRunner, 'pipeline' | 'model'> {
  const slash = typeof app === 'string' ? app.indexOf('/') : -1;
  if (typeof app !== 'string' || slash < 0) {
    return { pipeline: name(app), model: null };
  }
  return {
    pipeline: name(app.slice(0, slash)),
    model: name(app.slice(slash + 1)),
  };
}

function gpuOf(value: unknown): ScrapeGpu {
  const gpu = fields(value);
  const mebibytes = quantity(gpu.vram_mb);
  return {
    id: name(gpu.id),
    name: name(gpu.name),
    memory_total: mebibytes === null ? null : mebibytes * MEBIBYTE,
    memory_free: null,
    utilization_compute: null,
    utilization_memory: null,
  };
}

function runnerOf(value: unknown): ScrapeRunner {
  const runner = fields(value);
  const price = fields(runner.price_info);
  return {
    url: name(runner.url),
    ...appOf(runner.app),
    version: text(runner.version),
    mode: text(runner.mode),
    capacity: quantity(runner.capacity),
    capacity_used: quantity(runner.capacity_used),
    capacity_available: quantity(runner.capacity_available),
    price: quantity(price.price),
    price_currency: text(price.currency),
    price_unit: text(price.unit),
    gpu_id: name(fields(runner.gpu).id),
  };
}

/** Runners of an answer that are counted but not kept. */
export function runnersLeftOut({
  runners,
  runners_total: total,
}: Pick<Findings, 'runners' | 'runners_total'>): number {
  return Math.max(0, (total ?? 0) - runners.length);
}

/** `GET /discovery` of an orchestrator since go-livepeer 0.9. What of it is kept is bounded, what it counts and adds up is not. */
export const readDiscovery: Reader = (body, found) => {
  const runners = parseJson(body, isArray).flatMap(entry => {
    const listed = fields(entry).runners;
    return isArray(listed) ? listed : [];
  });
  const said = (member: string) =>
    sum(runners.map(runner => quantity(fields(runner)[member])));
  found.runners_total = runners.length;
  found.capacity = {
    total: said('capacity'),
    used: said('capacity_used'),
    available: said('capacity_available'),
  };
  for (const runner of runners.slice(0, MAX_RUNNERS)) {
    found.runners.push(runnerOf(runner));
    addGpu(found.gpus, gpuOf(fields(runner).gpu));
  }
};
