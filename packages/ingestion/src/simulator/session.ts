import { MODELS, Model, Quality } from './catalogue';
import { serveAttempt, serveByWorker } from './attempt';
import { Deliver, RequestMessages, Sender, sendDiscovery } from './messages';
import { Endpoint, Gateway, Network } from './network';
import { Random } from './random';

/** A session ends at the latest so long after its start; its last messages arrive within minutes of that. */
export const MAX_SESSION_MS = 10 * 60_000;

/** What becomes of a request. */
export type Fate =
  | 'served'
  | 'swapped'
  | 'swap failed'
  | 'unserved'
  | 'abandoned'
  | 'startup failed'
  | 'no output'
  | 'output lost'
  | 'error'
  | 'worker';

/** Everything that the parts of one session share. */
export interface Session {
  random: Random;
  gateway: Gateway;
  sender: Sender;
  /** The remote signer that pays for it; null: the gateway pays. */
  signer: Sender | null;
  messages: RequestMessages;
  model: Model;
  /** WHIP (WebRTC) if true, else RTMP. */
  whip: boolean;
  /** Frames a second that the user sends. */
  inputFps: number;
}

function drawFate(random: Random, quality: Quality, pressure: number): Fate {
  const fates: [Fate, number][] = [
    ['unserved', 0.003 + 0.03 * Math.max(0, pressure - 1)],
    ['abandoned', 0.012],
    ['startup failed', quality.failure * 0.4],
    ['no output', quality.failure * 0.15],
    ['output lost', 0.001 + quality.failure * 0.2],
    ['error', quality.failure * 0.25],
    ['worker', 0.006],
    ['swap failed', quality.swap * 0.15],
    ['swapped', quality.swap * 0.85],
  ];
  let draw = random.unit();
  for (const [fate, probability] of fates) {
    if (draw < probability) return fate;
    draw -= probability;
  }
  return 'served';
}

function drawModel(random: Random): Model {
  let draw = random.unit();
  for (const model of MODELS) {
    draw -= model.demand;
    if (draw < 0) return model;
  }
  return MODELS[0];
}

/** Testers run for about a minute, people for minutes. */
function drawLengthMs(random: Random, whip: boolean, testMs: number): number {
  if (whip) return random.whole(60_000, 300_000);
  return random.chance(0.01)
    ? random.whole(150_000, MAX_SESSION_MS)
    : Math.max(testMs, random.whole(42_000, 58_000));
}

function streamId(random: Random, whip: boolean, start: number): string {
  if (!whip) {
    const nanoseconds = String(random.whole(0, 999_999)).padStart(6, '0');
    return `aiJobTesterStream-${
      start - random.whole(4500, 8000)
    }${nanoseconds}`;
  }
  const suffix = random.word().toString(36).padStart(7, '0').slice(0, 6);
  return `stream-${suffix}-${start.toString(36)}`;
}

/** The user's end: an error event and the close, in either order. */
function close(session: Session, time: number, message: string): void {
  const { messages, random, whip } = session;
  const closeFirst = random.chance(0.5);
  if (closeFirst) messages.trace('gateway_ingest_stream_closed', time);
  messages.gatewayError(time, message);
  if (!closeFirst) messages.trace('gateway_ingest_stream_closed', time);
  // The last segment could not be published: said thrice, half a minute later.
  for (let repeat = 0; !whip && repeat < 3; repeat++) {
    if (repeat === 0 && !random.chance(0.02)) return;
    messages.gatewayError(
      time + random.whole(22_000, 33_000),
      'Error publishing, wrote 0 dropping Post: connection reset by peer',
    );
  }
}

function noOrchestrators(session: Session, time: number): void {
  const { messages, random } = session;
  if (random.chance(0.2)) {
    // This way out of go-livepeer sends no trace.
    messages.gatewayError(
      time + 2000,
      'no orchestrators available within 2s timeout',
    );
    return;
  }
  messages.trace('gateway_no_orchestrators_available', time);
  messages.gatewayError(time, 'no orchestrators available');
}

function sendIngestMetrics(session: Session, from: number, to: number): void {
  const { messages, random } = session;
  const bytesPerSecond = random.between(90_000, 200_000);
  const lossy = random.chance(0.08);
  let lost = 0;
  for (let time = from + 5310; time < to; time += 5000) {
    const elapsed = (time - from) / 1000;
    if (lossy) lost += random.whole(0, 30);
    messages.ingestMetrics(time + random.whole(0, 1), {
      seconds: Math.round(elapsed * 1000 - 400) / 1000,
      bytes: Math.floor(elapsed * bytesPerSecond),
      videoPackets: Math.floor((elapsed * bytesPerSecond) / 1160),
      videoJitter: random.between(3, 11),
      audioJitter: random.between(19, 21),
      lost,
      tracks: elapsed > 8 || random.chance(0.8),
    });
  }
}

function discover(
  session: Session,
  time: number,
  chosen: Endpoint,
  choices: readonly Endpoint[],
): void {
  const { random, sender } = session;
  const others = [random.pick(choices), random.pick(choices)];
  const found = [...new Set([chosen, ...others])];
  sendDiscovery(
    sender,
    time,
    found.map(endpoint => ({ endpoint, latencyMs: random.whole(18, 320) })),
  );
}

/** Who serves, and what is known of the session's times (unix ms) beforehand. */
interface Plan {
  endpoint: Endpoint;
  choices: readonly Endpoint[];
  start: number;
  /** When the first orchestrator is asked. */
  from: number;
  firstSegmentAt: number;
  /** When the user would leave if all went well. */
  end: number;
}

function failToStart(session: Session, plan: Plan): number {
  const { messages, random } = session;
  const { endpoint, from, start } = plan;
  const until = start + random.whole(18_000, 40_000);
  serveAttempt(session, {
    endpoint,
    from,
    firstSegmentAt: Infinity,
    until,
    loading: 'fails',
  });
  const diedAt = start + random.whole(5000, 12_000);
  messages.runnerError(
    diedAt,
    endpoint.info,
    'Error running pipeline: CUDA out of memory',
    diedAt - 20 + endpoint.clockSkewMs,
  );
  return until;
}

function breakDown(session: Session, plan: Plan): number {
  const { endpoint, from, firstSegmentAt, end } = plan;
  const until = end - 2000;
  serveAttempt(session, { endpoint, from, firstSegmentAt, until });
  session.messages.runnerError(
    until + 40,
    endpoint.info,
    'Pipeline process exited unexpectedly',
    until + endpoint.clockSkewMs,
  );
  return end;
}

const STREAM_IS_GONE =
  'trickle subscribe stopping, stream not found, err=stream not found';

function swap(session: Session, plan: Plan, succeeds: boolean): number {
  const { messages, random } = session;
  const { choices, endpoint, from, firstSegmentAt, start, end } = plan;
  const left = start + Math.floor((end - start) * random.between(0.35, 0.6));
  serveAttempt(session, { endpoint, from, firstSegmentAt, until: left });
  const reason = random.pick([
    STREAM_IS_GONE,
    'segment timeout, no output for 10s',
  ]);
  messages.swap(left, endpoint.info, reason);
  if (!succeeds) {
    noOrchestrators(session, left + random.whole(5, 400));
    return left + random.whole(2500, 9000);
  }
  serveAttempt(session, {
    // The new choice may be the one just left.
    endpoint: random.chance(0.15) ? endpoint : random.pick(choices),
    from: left + random.whole(60, 300),
    firstSegmentAt: left + random.whole(2000, 4200),
    until: end,
  });
  return end;
}

function serveWell(session: Session, plan: Plan): number {
  const { messages, random, whip } = session;
  const { endpoint, from, firstSegmentAt, end } = plan;
  serveAttempt(session, { endpoint, from, firstSegmentAt, until: end });
  if (random.chance(0.03)) {
    messages.gatewayError(
      firstSegmentAt + random.whole(900, 5000),
      'trickle subscribe error reading: Channel exists but sequence does not: requested 1 latest 2',
    );
  }
  if (whip && random.chance(0.4)) {
    const changedAt = end - random.whole(5000, 40_000);
    messages.paramsUpdate(changedAt, endpoint.info);
    if (random.chance(0.1)) {
      messages.gatewayError(
        changedAt + random.whole(20, 400),
        'Error updating params: width and height are fixed once a stream runs',
      );
    }
  }
  if (random.chance(0.01)) {
    // The end itself looks like one more reason to swap.
    messages.swap(end - random.whole(20, 900), endpoint.info, STREAM_IS_GONE);
  }
  return end;
}

function loseOutput(session: Session, plan: Plan): number {
  const { endpoint, from, firstSegmentAt, start, end } = plan;
  const until = Math.max(end, start + 110_000);
  serveAttempt(session, { endpoint, from, firstSegmentAt, until, loses: true });
  return until;
}

function serveByOwnWorker(session: Session, plan: Plan): number {
  const { endpoint, from, firstSegmentAt, end } = plan;
  const attempt = { endpoint, from, firstSegmentAt, until: end };
  serveByWorker(session, attempt, session.random.chance(0.5));
  return end;
}

/** Delivers what orchestrators do for the session, and gives the time of its close. */
function play(session: Session, fate: Fate, plan: Plan): number {
  const { random } = session;
  const { endpoint, from, firstSegmentAt, start, end } = plan;
  switch (fate) {
    case 'unserved':
      noOrchestrators(session, start + 3);
      return start + random.whole(2100, 6000);
    case 'abandoned': {
      const until = start + random.whole(1000, 2500);
      serveAttempt(session, { endpoint, from, firstSegmentAt, until });
      return until;
    }
    case 'startup failed':
      return failToStart(session, plan);
    case 'no output': {
      const until = Math.max(end, start + 45_000);
      const loading = 'forever';
      serveAttempt(session, { endpoint, from, firstSegmentAt, until, loading });
      return until;
    }
    case 'output lost':
      return loseOutput(session, plan);
    case 'error':
      return breakDown(session, plan);
    case 'worker':
      return serveByOwnWorker(session, plan);
    case 'swapped':
    case 'swap failed':
      return swap(session, plan, fate === 'swapped');
    case 'served':
      return serveWell(session, plan);
    default:
      throw new Error(`Unknown fate: ${fate satisfies never}`);
  }
}

/** What the gateway says at the end of a session. */
function endOf(random: Random, fate: Fate, normalEnd: string): string {
  if (fate === 'startup failed' && random.chance(0.5)) {
    return 'Too many swaps: 3 within 3m0s';
  }
  return fate === 'served' && random.chance(0.008)
    ? 'stream terminated: credit_exhaustion'
    : normalEnd;
}

/** What is given of a session before chance decides the rest. */
export interface Occasion {
  /** Unix ms. */
  start: number;
  /** Demand of the hour against the mean: in the peak nobody may be free. */
  pressure: number;
  /** A tester's session lasts at least so long. */
  testMs: number;
}

/**
 * Delivers all messages of one session, from the request to its end, in no
 * order. What happens depends on the arguments alone.
 */
export function runSession(
  random: Random,
  network: Network,
  { start, pressure, testMs }: Occasion,
  deliver: Deliver,
): void {
  const gateway = random.pick(network.gateways);
  const model = drawModel(random);
  const whip = random.chance(0.025);
  const sender = new Sender(random, gateway, deliver);
  const messages = new RequestMessages(
    sender,
    model,
    random.hex8(),
    streamId(random, whip, start),
    gateway.stripsNulls,
    whip,
  );
  const inputFps = random.chance(0.05)
    ? random.between(7, 13)
    : random.pick([24, 25, 30]);
  const signer = random.chance(0.05)
    ? new Sender(random, { ...gateway, name: '' }, deliver)
    : null;
  const session = {
    random,
    gateway,
    sender,
    signer,
    messages,
    model,
    whip,
    inputFps,
  };
  const choices = network.byModel.get(model.id) ?? [];
  const endpoint = random.pick(choices);
  const { quality } = endpoint.orchestrator;
  const fate = drawFate(random, quality, pressure);

  messages.trace('gateway_receive_stream_request', start);
  if (fate !== 'unserved') {
    discover(session, start + random.whole(30, 260), endpoint, choices);
  }
  const closedAt = play(session, fate, {
    endpoint,
    choices,
    start,
    from: start + random.whole(260, 420),
    firstSegmentAt:
      start + (whip ? random.whole(1500, 2600) : random.whole(2600, 4600)),
    end: start + drawLengthMs(random, whip, testMs),
  });
  if (whip) sendIngestMetrics(session, start, closedAt);
  const normalEnd = whip ? 'whip disconnected' : 'mediamtx ingest disconnected';
  close(session, closedAt, endOf(random, fate, normalEnd));
}
