import type { ScrapeGpu } from '@naap/events';
import { fields, name, percent, quantity } from './bounded';

/** So many of a target are kept. */
export const MAX_GPUS = 256;

/** Adds a GPU, or what it says about one with the same id. One that says nothing is none. */
export function addGpu(gpus: ScrapeGpu[], gpu: ScrapeGpu): void {
  if (Object.values(gpu).every(value => value === null)) return;
  const known = gpus.find(({ id }) => id !== null && id === gpu.id);
  if (known) {
    const news = Object.entries(gpu).filter(([, value]) => value !== null);
    Object.assign(known, Object.fromEntries(news));
  } else if (gpus.length < MAX_GPUS) {
    gpus.push(gpu);
  }
}

/** A GPU as ai-runner writes it: bytes and whole percents. */
export function runnerGpu(value: unknown): ScrapeGpu {
  const gpu = fields(value);
  return {
    id: name(gpu.id),
    name: name(gpu.name),
    memory_total: quantity(gpu.memory_total),
    memory_free: quantity(gpu.memory_free),
    utilization_compute: percent(gpu.utilization_compute),
    utilization_memory: percent(gpu.utilization_memory),
  };
}
