import type { ScrapeRunner } from '@naap/events';
import { entries, fields, name, text } from './bounded';
import { Findings, isObject, parseJson, Reader } from './Findings';
import { addGpu, MAX_GPUS, runnerGpu } from './gpus';

/** The one runner that is asked here. */
function own(found: Findings): ScrapeRunner {
  found.runners[0] ??= {
    url: null,
    pipeline: null,
    model: null,
    version: null,
    mode: null,
    capacity: null,
    capacity_used: null,
    capacity_available: null,
    price: null,
    price_currency: null,
    price_unit: null,
    gpu_id: null,
  };
  return found.runners[0];
}

function readModel(answer: Record<string, unknown>, found: Findings): void {
  const runner = own(found);
  runner.pipeline ??= name(answer.pipeline);
  runner.model ??= name(answer.model_id);
}

function readGpus(gpus: unknown, found: Findings): void {
  for (const gpu of entries(Object.values(fields(gpus)), MAX_GPUS)) {
    addGpu(found.gpus, runnerGpu(gpu));
  }
  // One container, one GPU: of several none is the one.
  if (found.gpus.length === 1) own(found).gpu_id = found.gpus[0].id;
}

/** `GET /health` of an ai-runner. */
export const readHealth: Reader = (body, found) => {
  found.health = text(parseJson(body, isObject).status);
};

/** `GET /version` of an ai-runner. */
export const readRunnerVersion: Reader = (body, found) => {
  const answer = parseJson(body, isObject);
  readModel(answer, found);
  found.version = text(answer.version);
  own(found).version = found.version;
};

/** `GET /hardware/info` of an ai-runner. */
export const readHardwareInfo: Reader = (body, found) => {
  const answer = parseJson(body, isObject);
  readModel(answer, found);
  readGpus(answer.gpu_info, found);
};

/** `GET /hardware/stats` of an ai-runner: the only place that measures use. */
export const readHardwareStats: Reader = (body, found) => {
  const answer = parseJson(body, isObject);
  readModel(answer, found);
  readGpus(answer.gpu_stats, found);
};
