import { SCRAPE_ERROR_CLASSES, SCRAPE_TARGET_KINDS } from '../scrape';
import { JsonSchema } from './JsonSchema';

const MAX_TEXT = 512;

const text = { type: 'string', minLength: 1, maxLength: MAX_TEXT } as const;
const textOrNull = { ...text, type: ['string', 'null'] } as const;
const quantity = { type: ['number', 'null'], minimum: 0 } as const;
const percent = { ...quantity, maximum: 100 } as const;
const time = { type: 'integer', minimum: 0 } as const;
const errorClass = { enum: [...SCRAPE_ERROR_CLASSES, null] } as const;

/** An object with just these members, all of them there. */
function exactly(properties: Record<string, JsonSchema>): JsonSchema {
  return {
    type: 'object',
    required: Object.keys(properties),
    additionalProperties: false,
    properties,
  };
}

function list(items: JsonSchema, maxItems: number): JsonSchema {
  return { type: 'array', items, maxItems };
}

const latency = exactly({
  dns: quantity,
  connect: quantity,
  tls: quantity,
  first_byte: quantity,
  total: quantity,
});

const tls: JsonSchema = {
  anyOf: [
    { type: 'null' },
    exactly({
      self_signed: { type: 'boolean' },
      name_matches: { type: 'boolean' },
      valid_from: { type: 'integer' },
      valid_to: { type: 'integer' },
    }),
  ],
};

const runner = exactly({
  url: textOrNull,
  pipeline: textOrNull,
  model: textOrNull,
  version: textOrNull,
  mode: textOrNull,
  capacity: quantity,
  capacity_used: quantity,
  capacity_available: quantity,
  price: quantity,
  price_currency: textOrNull,
  price_unit: textOrNull,
  gpu_id: textOrNull,
});

const gpu = exactly({
  id: textOrNull,
  name: textOrNull,
  memory_total: quantity,
  memory_free: quantity,
  utilization_compute: percent,
  utilization_memory: percent,
});

const metric = exactly({
  name: text,
  labels: {
    type: 'object',
    additionalProperties: { type: 'string', maxLength: MAX_TEXT },
  },
  value: { type: 'number' },
});

const answer = exactly({
  path: text,
  http_status: { type: ['integer', 'null'] },
  error_class: errorClass,
  total_ms: quantity,
  bytes: time,
});

/**
 * `data` of the `orchestrator_scrape` that our scraper publishes: all members
 * are there. What others publish under this type is taken as it is.
 */
export const orchestratorScrapeSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What the pull scraper found at one target in one round',
  ...exactly({
    target: text,
    kind: { enum: [...SCRAPE_TARGET_KINDS] },
    origins: { ...list(text, 16), minItems: 1 },
    round: time,
    round_targets: { type: 'integer', minimum: 1 },
    timestamp: time,
    attempted: { type: 'boolean' },
    reachable: { type: 'boolean' },
    error_class: errorClass,
    refusal: textOrNull,
    http_status: { type: ['integer', 'null'] },
    address: textOrNull,
    latency_ms: latency,
    tls,
    version: textOrNull,
    health: textOrNull,
    capacity: exactly({ total: quantity, used: quantity, available: quantity }),
    runners_total: { ...quantity, type: ['integer', 'null'] },
    runners: list(runner, 256),
    gpus: list(gpu, 256),
    metrics: list(metric, 500),
    answers: list(answer, 8),
  }),
};
