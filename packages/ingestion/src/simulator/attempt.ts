import { Quality } from './catalogue';
import { Sender, Status, sendPayment, sendTicket } from './messages';
import { Endpoint } from './network';
import { Random } from './random';
import type { Session } from './session';

/** One orchestrator serving a session for a while; times are the gateway's, unix ms. */
export interface Attempt {
  endpoint: Endpoint;
  /** When the gateway asks it. */
  from: number;
  /** When the user's first segment is ready to send, Infinity for never. */
  firstSegmentAt: number;
  /** When it ends. */
  until: number;
  /** Loading that never comes to an end: with overlay frames meanwhile, or with nothing. */
  loading?: 'forever' | 'fails';
  /** Its runner restarts after the first output and never comes back. */
  loses?: true;
}

/** When things happen within an attempt, true time. */
interface Course {
  sentAt: number;
  receivedAt: number;
  runnerStart: number;
  /** When the model is ready; before `runnerStart` if it was warm. */
  loadedAt: number;
  outputFrom: number;
  stallFrom: number;
  stallTo: number;
  /** When the runner restarts, and when it has its model again; Infinity for never. */
  restartAt: number;
  backAt: number;
}

/** What a container still says about the stream before this one. */
interface Leftovers {
  lastOutputTime: number | null;
  lastError: string | null;
  lastErrorTime: number | null;
  lastRestartTime: number | null;
  restartCount: number;
}

function drawLeftovers(random: Random, startTime: number): Leftovers {
  const restartCount = random.chance(0.35) ? random.whole(1, 3) : 0;
  const failed = random.chance(0.12);
  return {
    lastOutputTime: random.chance(0.8)
      ? startTime - random.whole(30_000, 7_200_000)
      : null,
    lastError: failed ? 'Error running pipeline: input timed out' : null,
    lastErrorTime: failed ? startTime - random.whole(60_000, 7_200_000) : null,
    lastRestartTime: restartCount
      ? startTime - random.whole(3_600_000, 20_000_000)
      : null,
    restartCount,
  };
}

function drawCourse(session: Session, attempt: Attempt): Course {
  const { random, model } = session;
  const { endpoint, from, firstSegmentAt, until } = attempt;
  const { quality } = endpoint.orchestrator;
  const offer = endpoint.offers.find(candidate => candidate.model === model);
  const spread = (mean: number) =>
    Math.round(mean * (1 + 0.25 * random.normal()));
  const sentAt = firstSegmentAt + spread(quality.startDelayMs);
  const receivedAt = sentAt + spread(quality.e2eMs);
  const runnerStart = from + random.whole(80, 350);
  const cold = offer?.warm !== true || random.chance(quality.overlay);
  let loadedAt = from;
  if (cold) loadedAt = runnerStart + random.whole(18_000, 34_000);
  if (attempt.loading) loadedAt = Infinity;
  const stalls = random.chance(quality.stall);
  const stallFrom = stalls
    ? receivedAt + (until - receivedAt) * random.between(0.3, 0.6)
    : Infinity;
  const outputFrom = Math.max(loadedAt, receivedAt - 100);
  let restartAt = Infinity;
  if (attempt.loses) restartAt = outputFrom + random.whole(14_000, 20_000);
  else if (random.chance(0.006)) {
    restartAt = outputFrom + random.whole(25_000, 32_000);
  }
  return {
    sentAt,
    receivedAt,
    runnerStart,
    loadedAt,
    outputFrom,
    stallFrom,
    stallTo: stallFrom + random.whole(10_000, 25_000),
    restartAt,
    backAt: attempt.loses ? Infinity : restartAt + random.whole(6000, 16_000),
  };
}

function sendTraces(session: Session, attempt: Attempt, course: Course): void {
  const { messages, random } = session;
  const { endpoint, until } = attempt;
  const { sentAt, receivedAt } = course;
  const fromGateway = (type: string, time: number) => {
    if (time < until) messages.trace(type, time, endpoint.info);
  };
  const fromRunner = (type: string, runnerTrueTime: number) => {
    const time = runnerTrueTime + random.whole(8, 70);
    if (time < until) {
      const runnerTime = runnerTrueTime + endpoint.clockSkewMs;
      messages.trace(type, time, endpoint.info, runnerTime);
    }
  };
  if (endpoint.tracesRequest) {
    fromRunner('runner_receive_stream_request', course.runnerStart);
  }
  fromGateway('gateway_send_first_ingest_segment', sentAt);
  fromRunner(
    'runner_receive_first_ingest_segment',
    sentAt + random.whole(2, 60),
  );
  fromRunner(
    'runner_send_first_processed_segment',
    sentAt + Math.floor((receivedAt - sentAt) * random.between(0.3, 0.8)),
  );
  fromGateway('gateway_receive_first_processed_segment', receivedAt);
  fromGateway(
    'gateway_receive_few_processed_segments',
    receivedAt + random.whole(1900, 3600),
  );
}

/** Frames of 512 × 512 that are paid for at the most. */
const PIXELS_PER_SECOND = 512 * 512 * 30;

function sendTickets(session: Session, attempt: Attempt, signer: Sender): void {
  const { messages, model, random } = session;
  const { endpoint, from, until } = attempt;
  const price = priceOf(session, endpoint);
  const seconds = endpoint.paymentEveryMs / 1000;
  const pixels = Math.round(seconds * PIXELS_PER_SECOND);
  const ids = ['', random.hex8(), random.hex8(), messages.requestId];
  const requestId = random.pick(ids);
  const sessionId = random.hex8();
  const user = `app-${random.whole(1, 9)}:user-${random.whole(1, 99)}`;
  let number = 0;
  for (let time = from + 1; time < until; time += endpoint.paymentEveryMs) {
    sendTicket(signer, time, {
      endpoint,
      model,
      requestId,
      sessionId,
      seconds,
      pixels,
      fee: random.chance(0.02)
        ? random.pick(['', 'unknown', '-1'])
        : String(price * pixels),
      number: number++,
      user,
    });
  }
}

function priceOf({ model }: Session, { offers }: Endpoint): number {
  return offers.find(candidate => candidate.model === model)?.pricePerUnit ?? 0;
}

function sendPayments(session: Session, attempt: Attempt): void {
  const { gateway, messages, model, random, sender, signer } = session;
  const { endpoint, from, until } = attempt;
  if (signer) {
    sendTickets(session, attempt, signer);
    return;
  }
  const sessionId = random.hex8();
  let manifestId = `35_${model.id}`;
  let requestId = messages.requestId;
  for (let time = from + 1; time < until; time += endpoint.paymentEveryMs) {
    sendPayment(sender, time, {
      gateway,
      endpoint,
      pricePerUnit: priceOf(session, endpoint),
      manifestId,
      requestId,
      sessionId,
      tickets: requestId ? 2 : 1,
    });
    if (requestId) manifestId = random.hex8();
    requestId = '';
  }
}

/** Output FPS of the runner's last window. */
function drawFps(random: Random, mean: number, quality: Quality): number {
  return mean * Math.max(0.05, 1 + quality.jitter * random.normal());
}

function sendStatuses(
  session: Session,
  attempt: Attempt,
  course: Course,
): void {
  const { messages, model, random, whip } = session;
  const { endpoint, until } = attempt;
  const { quality } = endpoint.orchestrator;
  const skew = endpoint.clockSkewMs;
  const possible =
    model.fps * random.pick(endpoint.gpus).kind.speed * quality.fpsFactor;
  const meanFps = Math.min(possible, 0.98 * session.inputFps);
  const startTime = course.runnerStart + skew;
  const leftovers = drawLeftovers(random, startTime);
  const restartTime = course.restartAt + skew;
  if (course.backAt < until) {
    const count = leftovers.restartCount + 1;
    messages.restart(course.backAt, endpoint.info, count, restartTime);
  }
  // Sometimes one more comes after the close.
  const stop = until + (random.chance(0.05) ? 5000 : 0);
  let previousStatusTime = startTime;
  let state: Status['state'] = 'ONLINE';
  let stateSince = startTime + random.whole(400, 9000);
  for (let window = 1; ; window++) {
    const trueTime = course.runnerStart + window * 10_000 + random.whole(0, 3);
    const time = trueTime + random.whole(8, 70);
    if (time >= stop) return;
    const now = trueTime + skew;
    const hasInput = trueTime > course.sentAt;
    const stalled = trueTime >= course.stallFrom && trueTime < course.stallTo;
    const again = trueTime >= course.restartAt;
    const loadedAt = again ? course.backAt : course.loadedAt;
    const outputFrom = again ? course.backAt : course.outputFrom;
    const outputs = trueTime >= outputFrom;
    // Its first window isn't full: 0 then means "not known yet".
    const measured =
      outputs &&
      !stalled &&
      trueTime - outputFrom > 2500 &&
      (window > 1 || (whip && random.chance(0.5)));
    const fps = measured ? drawFps(random, meanFps, quality) : 0;
    const inputFps =
      hasInput && window > 1
        ? session.inputFps * (1 + 0.008 * random.normal())
        : 0;
    if (again && leftovers.lastRestartTime !== restartTime) {
      leftovers.restartCount++;
      leftovers.lastRestartTime = restartTime;
      leftovers.lastOutputTime = null;
    }
    const unsettled = again && now - restartTime < 60_000;
    const slow = measured && fps < Math.min(10, 0.8 * inputFps);
    let next: Status['state'] = 'ONLINE';
    if (attempt.loading === 'fails' && window > 1) next = 'ERROR';
    else if (trueTime < loadedAt) next = 'LOADING';
    else if (window > 1 && inputFps < 15) next = 'DEGRADED_INPUT';
    else if (stalled || unsettled || slow) next = 'DEGRADED_INFERENCE';
    if (next !== state) {
      const justLoaded = state === 'LOADING' && trueTime >= loadedAt;
      stateSince = justLoaded ? loadedAt + skew : now - random.whole(100, 9000);
      state = next;
    }
    if (outputs) {
      leftovers.lastOutputTime = stalled
        ? Math.floor(course.stallFrom) + skew
        : Math.max(outputFrom + skew, now - random.whole(20, 300));
    }
    messages.status(time, endpoint.info, {
      ...leftovers,
      time: now,
      startTime,
      previousStatusTime,
      state,
      stateSince,
      fps,
      inputFps,
      lastInputTime: hasInput ? now - random.whole(4, 60) : null,
    });
    previousStatusTime = now;
  }
}

/** Delivers what gateway and runner say of an attempt, but not how it ended. */
export function serveAttempt(session: Session, attempt: Attempt): void {
  const course = drawCourse(session, attempt);
  sendPayments(session, attempt);
  sendTraces(session, attempt, course);
  sendStatuses(session, attempt, course);
}

/** The same of a worker that runs an application of one's own: it says little, and its streams may have no video. */
export function serveByWorker(
  session: Session,
  attempt: Attempt,
  video: boolean,
): void {
  const { messages, random } = session;
  const { endpoint, firstSegmentAt, until } = attempt;
  const course = drawCourse(session, attempt);
  sendPayments(session, attempt);
  if (video) sendTraces(session, attempt, course);
  else if (course.receivedAt < until) {
    messages.trace(
      'gateway_receive_first_data_segment',
      course.receivedAt,
      endpoint.info,
    );
  }
  if (random.chance(0.3)) return;
  for (let time = firstSegmentAt + 10_000; time < until; time += 10_000) {
    messages.workerStatus(time + random.whole(8, 70), endpoint.info);
  }
}
