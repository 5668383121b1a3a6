import { randomUUID } from 'node:crypto';

/** Any JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | Json[]
  | { [name: string]: Json };

export interface Message {
  id: string;
  type: string;
  timestamp: string;
  gateway: string;
  data: Json;
}

export function message(
  type: string,
  at: number,
  gateway: string,
  data: Json,
): Message {
  return { id: randomUUID(), type, timestamp: String(at), gateway, data };
}

export function lines(messages: readonly unknown[]): string {
  return messages.map(one => `${JSON.stringify(one)}\n`).join('');
}

/** Texts that something which goes over a text more than once takes long for, or that an engine may read otherwise. */
export function worstTexts(length: number): Record<string, string> {
  const fill = (unit: string) =>
    unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  return {
    'a URL with slashes within': `https://a.example${fill('/')}x`,
    slashes: fill('/'),
    'a URL of short steps': `https://a.example/${fill('a/')}`,
    'a URL of parents': `https://a.example/${fill('../')}`,
    'a scheme of letters': `${fill('a+.-')}://a.example`,
    'names and passwords': `https://${fill('a:')}@a.example`,
    'at signs': `https://${fill('@')}`,
    backslashes: fill('\\'),
    blanks: `x${fill(' ')}x`,
    'other blanks': `x${fill(' \t\u00a0\u2028\ufeff')}x`,
    'line ends': `x${fill('\r\n')}x`,
    'NUL characters': fill('\0'),
    digits: fill('1'),
    'digits and dots': `${fill('1.')}x`,
    exponents: `1${fill('e1')}`,
    'percent signs': `https://a.example/${fill('%2')}`,
    dots: `${fill('.')}x`,
    dashes: `a${fill('-a')}`,
    labels: `https://${fill('a.')}example`,
    brackets: `http://${fill('[')}`,
    'open JSON': fill('[{"a":'),
    commas: fill(',='),
    quotes: fill('"\''),
    markup: fill('<b>'),
    braces: fill('{{ '),
    'characters outside the basic plane': fill('😀'),
    'halves of surrogate pairs': `x${fill('\ud800')}`,
    'letters that grow in lower case': fill('İ'),
    'marks that combine': `e${fill('\u0301')}`,
    letters: fill('A'),
  };
}

/** Of every text in a value, names of members too, a copy with another text in its place. */
export function* replacedTexts(value: Json, text: string): Generator<Json> {
  if (typeof value === 'string') {
    yield text;
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      for (const other of replacedTexts(item, text)) {
        yield value.with(i, other);
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    for (const [i, [name, item]] of members.entries()) {
      for (const other of replacedTexts(item, text)) {
        yield Object.fromEntries(members.with(i, [name, other]));
      }
      yield Object.fromEntries(members.with(i, [text, item]));
    }
  }
}

const FROM_ADDRESS = {
  address: '0x1111111111111111111111111111111111111111',
  url: 'https://orch.example:8935',
};
const REQUEST = {
  stream_id: 'stream',
  request_id: 'request',
  pipeline_id: '',
};

/** One message of every family and subtype that a reader of the contract gives a meaning, with all its names. */
export function oneOfEachFamily(at: number): Message[] {
  const of = (type: string, data: Json) => message(type, at, 'gw-sea', data);
  const trace = (type: string) =>
    of('stream_trace', {
      ...REQUEST,
      type,
      timestamp: at,
      pipeline: 'model',
      message: 'why',
      orchestrator_info: FROM_ADDRESS,
    });
  return [
    trace('gateway_receive_stream_request'),
    trace('gateway_receive_first_processed_segment'),
    trace('orchestrator_swap'),
    of('ai_stream_status', {
      ...REQUEST,
      type: 'status',
      timestamp: at,
      pipeline: 'model',
      state: 'ONLINE',
      start_time: at,
      orchestrator_info: FROM_ADDRESS,
      inference_status: { fps: 20, last_error: 'an error' },
      input_status: { fps: 25 },
    }),
    of('ai_stream_events', {
      ...REQUEST,
      type: 'error',
      message: 'an error',
      pipeline: 'model',
    }),
    of('stream_ingest_metrics', {
      ...REQUEST,
      stats: { conn_quality: 'good', track_stats: [{ type: 'video' }] },
    }),
    of('network_capabilities', [capabilityEntry('1', 'model')]),
    of('discovery_results', [{ ...FROM_ADDRESS, latency_ms: '77' }]),
    of('create_new_payment', {
      faceValue: '2402400000000000 WEI',
      winProb: '0.0009990010',
      price: '1635.021 wei/pixel',
      numTickets: '1',
      orchestrator: FROM_ADDRESS.url,
      recipient: FROM_ADDRESS.address,
      requestID: 'request',
      sender: FROM_ADDRESS.address,
    }),
    of('create_signed_ticket', {
      session_id: 'session',
      app: 'pipeline/model',
      pipeline: 'pipeline',
      request_id: 'request',
      orch_address: FROM_ADDRESS.address,
      orch_url: FROM_ADDRESS.url,
      manifest_id: 'manifest',
      current_time_unix: String(at),
      computed_fee: '1000',
      num_tickets: '1',
    }),
    of('orchestrator_scrape', scrapeOf(FROM_ADDRESS.url, at, 1)),
  ];
}

/** What an orchestrator offers, with every name made of one. */
export function capabilityEntry(name: string, model: string, uri?: string) {
  const address = `0x${name.padStart(40, '0')}`;
  return {
    address,
    local_address: address,
    orch_uri: uri ?? `https://orch-${name}.example:8935`,
    capabilities: {
      version: `0.9.${name}`,
      constraints: {
        PerCapability: {
          35: {
            models: {
              [model]: {
                warm: true,
                capacity: 1,
                capacityInUse: 1,
                runnerVersion: `0.1.${name}`,
              },
            },
          },
        },
      },
    },
    hardware: [
      {
        pipeline: `pipeline-${name}`,
        model_id: model,
        gpu_info: { 0: { id: `GPU-${name}`, name: `NVIDIA ${name}` } },
      },
    ],
  };
}

/** A stranger's scrape: the gate takes it as it is. */
export function scrapeOf(target: string, at: number, roundTargets: number) {
  return {
    target,
    kind: 'orchestrator',
    origins: ['capabilities'],
    round: at,
    round_targets: roundTargets,
    timestamp: at,
    attempted: true,
    reachable: true,
    error_class: null,
    latency_ms: { total: 20 },
    capacity: { total: 2, used: 1, available: 1 },
    runners: [{ pipeline: 'pipeline', model: 'model', price: 1, unit: target }],
    gpus: [{ id: 'GPU-1', name: target, utilization_compute: 50 }],
  };
}

const SUFFIXES = ['sea', 'mdw', 'fra', 'nyc', 'sin', 'lax'];

/** A request of which every name is its own, on an orchestrator of its own; every fifth swaps to the next one. */
export function distinctRequest(i: number, at: number): Message[] {
  const gateway = `gw-${i}-${SUFFIXES[i % SUFFIXES.length]}`;
  const request = { stream_id: `stream-${i}`, request_id: `flood-${i}` };
  const orchestrator = (n: number) => ({
    address: `0x${String(n).padStart(40, '0')}`,
    url: `https://orch-${n}.example:8935`,
  });
  const trace = (after: number, type: string, more: object = {}) =>
    message('stream_trace', at + after, gateway, {
      ...request,
      type,
      timestamp: at + after,
      ...more,
    });
  const status = (after: number, n: number) =>
    message('ai_stream_status', at + after, gateway, {
      ...request,
      type: 'status',
      timestamp: at + after,
      state: 'ONLINE',
      pipeline: `model-${i}`,
      start_time: at,
      orchestrator_info: orchestrator(n),
      inference_status: { fps: 20, last_output_time: at + after },
    });
  return [
    trace(0, 'gateway_receive_stream_request'),
    status(1000, i),
    ...(i % 5 === 0
      ? [
          trace(2000, 'orchestrator_swap', {
            orchestrator_info: orchestrator(i),
          }),
          status(3000, i + 1),
        ]
      : []),
    trace(9000, 'gateway_ingest_stream_closed'),
  ];
}
