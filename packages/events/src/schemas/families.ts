import { EventFamily } from '../families';
import { MAX_NAME_CHARACTERS } from '../names';
import { JsonSchema } from './JsonSchema';

const NON_EMPTY_TEXT = { type: 'string', minLength: 1 } as const;
/** Lengths in JSON Schema are in code points too. */
const NAME = { ...NON_EMPTY_TEXT, maxLength: MAX_NAME_CHARACTERS } as const;

const ORCHESTRATOR_INFO: JsonSchema = {
  description: 'Hot wallet (address) and URL of the orchestrator',
};

const REQUEST_PROPERTIES = {
  request_id: NAME,
  stream_id: { description: 'Names the request together with request_id' },
  pipeline_id: { description: 'Empty in all that was seen' },
  timestamp: { description: 'Clock of whoever made the event, unix ms' },
};

const streamTrace: JsonSchema = {
  title: 'A step in the life of a request',
  type: 'object',
  required: ['type', 'request_id'],
  properties: {
    ...REQUEST_PROPERTIES,
    type: { ...NON_EMPTY_TEXT, description: 'The step' },
    orchestrator_info: ORCHESTRATOR_INFO,
    pipeline: { description: 'Model id, only on swaps' },
    message: { description: 'Why, only on swaps' },
  },
};

const aiStreamStatus: JsonSchema = {
  title: 'What the runner says of a request about every 10 s',
  type: 'object',
  required: ['type', 'request_id'],
  properties: {
    ...REQUEST_PROPERTIES,
    type: { ...NON_EMPTY_TEXT, examples: ['status'] },
    pipeline: { description: 'Model id' },
    state: { examples: ['LOADING', 'ONLINE', 'DEGRADED_INPUT'] },
    start_time: { description: 'Runner clock, unix ms' },
    last_state_update_time: { description: 'Runner clock, unix ms' },
    orchestrator_info: ORCHESTRATOR_INFO,
    inference_status: {
      description: 'All but fps outlives the request',
      if: { type: 'object' },
      then: {
        properties: {
          fps: {
            anyOf: [
              { type: 'null' },
              { type: 'number', minimum: 0, maximum: 1000 },
            ],
          },
        },
      },
    },
    input_status: { description: 'fps and time of the input' },
  },
};

const aiStreamEvents: JsonSchema = {
  title: 'An error, a restart or a change of parameters',
  type: 'object',
  required: ['type', 'request_id'],
  properties: {
    ...REQUEST_PROPERTIES,
    type: { ...NON_EMPTY_TEXT, examples: ['error', 'restart'] },
    message: { description: 'What happened; normal ends are errors too' },
    pipeline: { description: 'Model id' },
    orchestrator_info: ORCHESTRATOR_INFO,
  },
};

const streamIngestMetrics: JsonSchema = {
  title: 'Quality of the stream into the gateway, every 5 s (WHIP only)',
  type: 'object',
  required: ['request_id'],
  properties: {
    ...REQUEST_PROPERTIES,
    stats: { description: 'peer_conn_stats, track_stats, conn_quality' },
  },
};

/** Not said by a gateway on behalf of a runner: that carries `orchestrator_info`. */
const NOT_FORWARDED: JsonSchema = {
  properties: { orchestrator_info: { type: 'null' } },
};

/** One entry with an address, or an array of any: those without an address are left out. */
function entries({ required, ...entry }: JsonSchema): JsonSchema {
  return {
    title: entry.title,
    anyOf: [
      { ...entry, required },
      {
        type: 'array',
        items: { type: 'object', ...NOT_FORWARDED },
        description: String(entry.title),
      },
    ],
    ...NOT_FORWARDED,
  };
}

/** No minimum but that it was not forwarded. */
function ofGatewayAlone(schema: JsonSchema): JsonSchema {
  return {
    ...schema,
    properties: {
      ...(schema.properties as JsonSchema),
      ...(NOT_FORWARDED.properties as JsonSchema),
    },
    items: NOT_FORWARDED,
  };
}

const networkCapabilities = entries({
  title: 'What an orchestrator offers at one URL',
  type: 'object',
  required: ['address'],
  properties: {
    address: { ...NAME, description: 'Identity on the chain' },
    local_address: { description: 'Hot wallet' },
    orch_uri: { description: 'URL' },
    capabilities: { description: 'Models by capability, version' },
    capabilities_prices: { description: 'Price per unit' },
    hardware: { description: 'GPU of each container, often null' },
  },
});

const discoveryResults = entries({
  title: 'How an orchestrator answered the gateway',
  type: 'object',
  required: ['address'],
  properties: {
    address: { ...NAME, description: 'Hot wallet' },
    url: { description: 'URL' },
    latency_ms: { description: 'Milliseconds, as text', examples: ['77'] },
  },
});

const createNewPayment = ofGatewayAlone({
  title: 'A ticket sent to an orchestrator; all texts with units',
  properties: {
    faceValue: { examples: ['2402400000000000 WEI', '0.02 ETH'] },
    winProb: { examples: ['0.0009990010'] },
    price: { examples: ['1635.021 wei/pixel'] },
    numTickets: { examples: ['2'] },
    orchestrator: { description: 'URL' },
    recipient: { description: 'Identity on the chain' },
    requestID: { description: 'Often empty' },
    clientIP: { description: 'Personal: it stays in bronze' },
  },
});

const createSignedTicket = ofGatewayAlone({
  title: 'What a remote signer writes in place of a payment',
  properties: {
    app: { examples: ['live-video-to-video/streamdiffusion-sdxl'] },
    pipeline: { examples: ['live-video-to-video'] },
    request_id: { description: "The signer's own, mostly" },
    orch_address: { description: 'Identity on the chain' },
    orch_url: { description: 'URL' },
    computed_fee: { description: 'Wei', examples: ['1000000000000000'] },
    num_tickets: { examples: [3] },
    auth_id: { description: 'Personal: it stays in bronze' },
  },
});

const orchestratorScrape = ofGatewayAlone({
  title: 'What the pull scraper found at one target',
  description:
    'No minimum; orchestratorScrapeSchema says what our scraper publishes',
});

/** The minimum of `data` of every family, after it was decoded. */
export const dataSchemas: Readonly<Record<EventFamily, JsonSchema>> = {
  stream_trace: streamTrace,
  ai_stream_status: aiStreamStatus,
  ai_stream_events: aiStreamEvents,
  stream_ingest_metrics: streamIngestMetrics,
  network_capabilities: networkCapabilities,
  discovery_results: discoveryResults,
  create_new_payment: createNewPayment,
  create_signed_ticket: createSignedTicket,
  orchestrator_scrape: orchestratorScrape,
};
