import { Model } from './catalogue';
import { Endpoint, Gateway } from './network';
import { Random } from './random';

/** Takes one message; `at` is when it arrives, unix ms. */
export type Deliver = (at: number, raw: string) => void;

/** Wraps data in an envelope and hands it on as a gateway does: flushed within about a second. */
export class Sender {
  constructor(
    private readonly random: Random,
    private readonly gateway: Gateway,
    private readonly deliver: Deliver,
  ) {}

  /** `time` is the envelope's timestamp, unix ms; `data` is JSON text. */
  send(type: string, time: number, data: string): void {
    this.deliver(
      time + this.random.whole(20, 1200),
      `{"id":"${this.random.uuid()}","type":"${type}","timestamp":"${time}","gateway":"${
        this.gateway.name
      }","data":${data}}`,
    );
  }
}

/** `orchestrator_info` of what the gateway says about no orchestrator. */
export const NOBODY = '{"address":"","url":""}';

/** What a status says; all times unix ms of the runner's clock, null where there is none. */
export interface Status {
  time: number;
  startTime: number;
  previousStatusTime: number;
  state:
    | 'LOADING'
    | 'ONLINE'
    | 'DEGRADED_INPUT'
    | 'DEGRADED_INFERENCE'
    | 'ERROR';
  stateSince: number;
  fps: number;
  inputFps: number;
  lastInputTime: number | null;
  lastOutputTime: number | null;
  lastError: string | null;
  lastErrorTime: number | null;
  lastRestartTime: number | null;
  restartCount: number;
}

const NO_PARAMS = '{},"last_params_hash":"99914b932bd37a50b983c5e7c90ae93b"';
const SIZE_PARAMS =
  '{"height":512,"width":512},"last_params_hash":"f2f41bce75e30de92f8c308a6722859b"';

/** The messages of one request, in the shapes of go-livepeer and ai-runner. */
export class RequestMessages {
  private readonly ids: string;
  private readonly params: string;

  constructor(
    private readonly sender: Sender,
    private readonly model: Model,
    readonly requestId: string,
    readonly streamId: string,
    private readonly stripsNulls: boolean,
    hasParams: boolean,
  ) {
    this.ids = `"pipeline_id":"","request_id":"${requestId}"`;
    this.params = hasParams ? SIZE_PARAMS : NO_PARAMS;
  }

  /** `dataTime` is the clock of whoever made the event, `time` the gateway's. */
  trace(type: string, time: number, info = NOBODY, dataTime = time): void {
    this.sender.send(
      'stream_trace',
      time,
      `{"orchestrator_info":${info},${this.ids},"stream_id":"${this.streamId}","timestamp":${dataTime},"type":"${type}"}`,
    );
  }

  /** Names the orchestrator that is left, and has no timestamp. */
  swap(time: number, info: string, message: string): void {
    this.sender.send(
      'stream_trace',
      time,
      `{"message":"${message}","orchestrator_info":${info},"pipeline":"${this.model.id}",${this.ids},"stream_id":"${this.streamId}","type":"orchestrator_swap"}`,
    );
  }

  /** An error as the gateway words it: no timestamp, no orchestrator. */
  gatewayError(time: number, message: string): void {
    this.sender.send(
      'ai_stream_events',
      time,
      `{"capability":"","message":"${message}","pipeline":"${this.model.id}",${this.ids},"stream_id":"${this.streamId}","type":"error"}`,
    );
  }

  runnerError(
    time: number,
    info: string,
    message: string,
    runnerTime: number,
  ): void {
    this.sender.send(
      'ai_stream_events',
      time,
      `{"message":"${message}","orchestrator_info":${info},"pipeline":"${
        this.model.id
      }",${this.ids},"stream_id":"${this.streamId}","time":${
        (runnerTime - 391) / 1000
      },"timestamp":${runnerTime},"type":"error"}`,
    );
  }

  restart(time: number, info: string, count: number, runnerTime: number): void {
    this.sender.send(
      'ai_stream_events',
      time,
      `{"orchestrator_info":${info},"pipeline":"${this.model.id}",${
        this.ids
      },"restart_count":${count},"restart_logs":["Pipeline stopped responding"],"restart_time":${
        runnerTime / 1000
      },"stream_id":"${
        this.streamId
      }","timestamp":${runnerTime},"type":"restart"}`,
    );
  }

  paramsUpdate(time: number, info: string): void {
    this.sender.send(
      'ai_stream_events',
      time,
      `{"orchestrator_info":${info},"params":{"prompt":"a red fox in the snow"},"pipeline":"${this.model.id}",${this.ids},"stream_id":"${this.streamId}","type":"params_update"}`,
    );
  }

  status(time: number, info: string, status: Status): void {
    const optional = (name: string, value: number | string | null) => {
      if (value !== null) return `"${name}":${value},`;
      return this.stripsNulls ? '' : `"${name}":null,`;
    };
    const lastError =
      status.lastError === null ? null : JSON.stringify(status.lastError);
    this.sender.send(
      'ai_stream_status',
      time,
      `{"inference_status":{"fps":${status.fps},${optional(
        'last_error',
        lastError,
      )}${optional('last_error_time', status.lastErrorTime)}${optional(
        'last_output_time',
        status.lastOutputTime,
      )}"last_params":${this.params},"last_params_update_time":${
        status.startTime
      },${optional('last_restart_logs', null)}${optional(
        'last_restart_time',
        status.lastRestartTime,
      )}"restart_count":${status.restartCount}},"input_status":{${optional(
        'last_input_time',
        status.lastInputTime,
      )}"fps":${status.inputFps}},"last_state_update_time":${
        status.stateSince
      },"last_status_timestamp":${
        status.previousStatusTime
      },"orchestrator_info":${info},"pipeline":"${this.model.id}",${
        this.ids
      },"start_time":${status.startTime},"state":"${
        status.state
      }","stream_id":"${this.streamId}","timestamp":${
        status.time
      },"type":"status"}`,
    );
  }

  /** What the worker of an application of one's own says: that it is there. */
  workerStatus(time: number, info: string): void {
    this.sender.send(
      'ai_stream_status',
      time,
      `{"orchestrator_info":${info},"pipeline":"${this.model.id}",${this.ids},"stream_id":"${this.streamId}","type":"status"}`,
    );
  }

  /** WebRTC ingest; `bytes` and `packets` since its start, `seconds` of input so far. */
  ingestMetrics(
    time: number,
    stats: {
      seconds: number;
      bytes: number;
      videoPackets: number;
      videoJitter: number;
      audioJitter: number;
      lost: number;
      tracks: boolean;
    },
  ): void {
    const audioPackets = Math.floor(stats.seconds * 50);
    const lossPct = (100 * stats.lost) / (stats.videoPackets + stats.lost);
    const tracks = stats.tracks
      ? `"track_stats":[{"type":"video","jitter":${stats.videoJitter},"packets_lost":${stats.lost},"packets_received":${stats.videoPackets},"packet_loss_pct":${lossPct},"rtt":0,"last_input_ts":${stats.seconds},"last_output_ts":0,"latency":0},{"type":"audio","jitter":${stats.audioJitter},"packets_lost":0,"packets_received":${audioPackets},"packet_loss_pct":0,"rtt":0,"last_input_ts":${stats.seconds},"last_output_ts":0,"latency":0}],`
      : '';
    this.sender.send(
      'stream_ingest_metrics',
      time,
      `{${
        this.ids
      },"stats":{"peer_conn_stats":{"ID":"iceTransport","BytesReceived":${
        stats.bytes
      },"BytesSent":${Math.floor(
        stats.seconds * 730,
      )}},${tracks}"conn_quality":"${
        lossPct > 1 ? 'bad' : 'good'
      }"},"stream_id":"${this.streamId}","timestamp":${time}}`,
    );
  }
}

/** What the gateway found when it looked for somebody to serve. */
export function sendDiscovery(
  sender: Sender,
  time: number,
  found: readonly { endpoint: Endpoint; latencyMs: number }[],
): void {
  const entries = found.map(({ endpoint, latencyMs }) => {
    const address = endpoint.orchestrator.hotWallet.toLowerCase();
    return `{"address":"${address}","latency_ms":"${latencyMs}","url":"${endpoint.url}"}`;
  });
  sender.send('discovery_results', time, `[${entries.join(',')}]`);
}

/** A payment of a stream; only the first of an attempt names the request. */
export function sendPayment(
  sender: Sender,
  time: number,
  payment: {
    gateway: Gateway;
    endpoint: Endpoint;
    pricePerUnit: number;
    manifestId: string;
    requestId: string;
    sessionId: string;
    tickets: number;
  },
): void {
  const { endpoint } = payment;
  sender.send(
    'create_new_payment',
    time,
    `{"capability":"","clientIP":"","faceValue":"${
      endpoint.faceValue
    }","manifestID":"${payment.manifestId}","numTickets":"${
      payment.tickets
    }","orchestrator":"${endpoint.url}","price":"${(
      payment.pricePerUnit * 1.0105
    ).toFixed(3)} wei/pixel","recipient":"${
      endpoint.orchestrator.address
    }","requestID":"${payment.requestId}","sender":"${
      payment.gateway.sender
    }","sessionID":"${payment.sessionId}","winProb":"${endpoint.winProb}"}`,
  );
}

/** What a remote signer writes in place of a payment. */
export function sendTicket(
  signer: Sender,
  time: number,
  ticket: {
    endpoint: Endpoint;
    model: Model;
    /** The signer's own; it rarely names a stream. */
    requestId: string;
    sessionId: string;
    seconds: number;
    pixels: number;
    /** Wei; some can't be read. */
    fee: string;
    /** Of this session, from 0. */
    number: number;
    /** Personal. */
    user: string;
  },
): void {
  const { endpoint, number } = ticket;
  const app = `live-video-to-video/${ticket.model.id}`;
  signer.send(
    'create_signed_ticket',
    time,
    `{"session_id":"${ticket.sessionId}","session_status":"${
      number === 0 ? 'new' : 'continuing'
    }","app":"${app}","pipeline":"live-video-to-video","request_id":"${
      ticket.requestId
    }","orch_address":"${endpoint.orchestrator.address}","orch_url":"${
      endpoint.url
    }","manifest_id":"35_${ticket.model.id}","pm_session_id":"${
      ticket.sessionId
    }-pm","current_time":"${new Date(
      time,
    ).toISOString()}","current_time_unix":${time},"billable_secs":${
      ticket.seconds
    },"pixels":${ticket.pixels},"session_balance":"0","computed_fee":"${
      ticket.fee
    }","sequence_number":${number},"num_tickets":${
      number === 0 ? 2 : 1
    },"auth_id":"${ticket.user}"}`,
  );
}
