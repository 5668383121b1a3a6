/**
 * Messages in the shapes and the mix that gateways send, every one with a fresh
 * id: something to measure with. They tell no story that adds up; the simulator
 * does that.
 */
import { randomFillSync } from 'node:crypto';

const URL_BASE = 'https://orch-90723b.example:8936';
const WALLET = '0x0074780feff1fd0277fad6ccdb5a29908df6051f';
const ORCHESTRATOR = { address: WALLET, url: URL_BASE };

type Shape = (now: number, request: string) => [type: string, data: unknown];

const trace: Shape = (now, request) => [
  'stream_trace',
  {
    orchestrator_info: ORCHESTRATOR,
    stream_id: `aiJobTesterStream-17720521297653${request}`,
    pipeline_id: '',
    type: 'gateway_receive_few_processed_segments',
    request_id: request,
    timestamp: now,
  },
];

const status: Shape = (now, request) => [
  'ai_stream_status',
  {
    orchestrator_info: ORCHESTRATOR,
    inference_status: {
      restart_count: 0,
      last_error_time: now - 6000,
      last_output_time: now - 20,
      fps: 15.087508701199847 + (now % 7),
      last_params_hash: '99914b932bd37a50b983c5e7c90ae93b',
      last_error:
        '[update_params] Error reloading pipeline, falling back to previous params: Acceleration has failed.',
      last_params_update_time: now - 10000,
      last_params: {},
    },
    input_status: { last_input_time: now - 70, fps: 27.08418847467921 },
    last_status_timestamp: now - 10000,
    type: 'status',
    last_state_update_time: now - 9000,
    pipeline: 'streamdiffusion-sdxl',
    start_time: now - 30000,
    stream_id: `aiJobTesterStream-17720521297653${request}`,
    pipeline_id: '',
    state: 'ONLINE',
    request_id: request,
    timestamp: now,
  },
];

const streamEvent: Shape = (_now, request) => [
  'ai_stream_events',
  {
    pipeline: 'streamdiffusion-sdxl',
    capability: '',
    stream_id: `aiJobTesterStream-17720521297653${request}`,
    pipeline_id: '',
    message:
      'Error publishing, wrote 5 dropping Post "https://orch-90723b.example:8936/ai/trickle": connection reset by peer',
    type: 'error',
    request_id: request,
  },
];

const track = (type: string, now: number) => ({
  type,
  jitter: 10.126770701625134 + (now % 5),
  packets_lost: 0,
  packets_received: now % 4096,
  packet_loss_pct: 0,
  rtt: 0,
  last_input_ts: 4.892,
  last_output_ts: 0,
  latency: 0,
});

const ingestMetrics: Shape = (now, request) => [
  'stream_ingest_metrics',
  {
    pipeline_id: '',
    request_id: request,
    stats: {
      peer_conn_stats: {
        ID: 'iceTransport',
        BytesReceived: now % 1e6,
        BytesSent: 4013,
      },
      track_stats: [track('video', now), track('audio', now)],
      conn_quality: 'good',
    },
    stream_id: `stream-o5s73x-${request}`,
    timestamp: now,
  },
];

const payment: Shape = (_now, request) => [
  'create_new_payment',
  {
    capability: '',
    clientIP: '',
    faceValue: '2402400000000000 WEI',
    manifestID: request,
    numTickets: '1',
    orchestrator: URL_BASE,
    price: '1635.021 wei/pixel',
    recipient: '0xd00354656922168815Fcd1e51CBddB9e359e3C7F',
    requestID: '',
    sender: '0x5aE4E42dB3671370a0c25AfF451E7482aAEc3D0B',
    sessionID: '01b55632',
    winProb: '0.0009990010',
  },
];

const discovery: Shape = () => [
  'discovery_results',
  [{ address: WALLET, latency_ms: '77', url: URL_BASE }],
];

const capabilities: Shape = () => [
  'network_capabilities',
  Array.from({ length: 20 }, (_, i) => ({
    address: `0xd00354656922168815Fcd1e51CBddB9e359e3C${10 + i}`,
    local_address: WALLET,
    orch_uri: URL_BASE,
    capabilities: {
      bitstring: [34426871807],
      capacities: { 0: 1, 1: 1, 2: 1, 35: 1 },
      version: '0.8.8-3a5678ec-dirty',
      constraints: {
        PerCapability: {
          35: {
            models: {
              'streamdiffusion-sdxl': { warm: true, capacityInUse: 1 },
            },
          },
        },
      },
    },
    capabilities_prices: [{ pricePerUnit: 1618, pixelsPerUnit: 1 }],
    hardware: null,
  })),
];

/** How often each shape comes in a thousand messages. */
const MIX: Array<[Shape, number]> = [
  [trace, 330],
  [status, 210],
  [streamEvent, 35],
  [ingestMetrics, 140],
  [payment, 180],
  [discovery, 104],
  [capabilities, 1],
];

const deck = MIX.flatMap(([shape, n]) => Array<Shape>(n).fill(shape));

function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(
    13,
    16,
  )}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Yields `count` messages whose timestamps spread over one day. */
export function* messagesOfADay(count: number): Generator<Buffer> {
  const start = Date.UTC(2026, 0, 15);
  const random = Buffer.alloc(20);
  for (let i = 0; i < count; i++) {
    const hex = randomFillSync(random).toString('hex');
    const now = start + Math.floor((i / count) * 86_400_000);
    // A stride that is prime to the length walks through the whole deck.
    const [type, data] = deck[(i * 389) % deck.length](now, hex.slice(32));
    yield Buffer.from(
      JSON.stringify({
        id: uuid(hex),
        type,
        timestamp: String(now),
        gateway: 'cloud-spe-ai-live-video-tester-fra',
        data,
      }),
    );
  }
}
