import type { ScrapeGpu } from '@naap/events';
import { fields, name, percent, quantity } from './bounded';

/** So many of a target are kept. */
export const MAX_GPUS = 256;

/** An id of the driver, and so one GPU wherever it appears; any other, such as `0`, is a number in one container. */
const OF_DRIVER = 'GPU-';

function isSame(one: ScrapeGpu, other: ScrapeGpu): boolean {
  if (one.id === null || one.id !== other.id) return false;
  return one.id.startsWith(OF_DRIVER) || one.name === other.name;
}

/** Adds a GPU, or what it says about one that is there already. One that says nothing is none. */
export function addGpu(gpus: ScrapeGpu[], gpu: ScrapeGpu): void {
  if (Object.values(gpu).every(value => value === null)) return;
  const known = gpus.find(other => isSame(other, gpu));
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
