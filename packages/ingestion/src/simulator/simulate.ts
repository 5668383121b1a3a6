import { ArrivalQueue } from './arrivals';
import { reportTimes, sendReport } from './capabilities';
import { MAX_DELAY_MS, SimulatedMessage, soil } from './dirt';
import { Deliver, Sender } from './messages';
import { makeNetwork, Network } from './network';
import { Random } from './random';
import { MAX_SESSION_MS, runSession } from './session';

export interface SimulateOptions {
  /** A whole number in [0, 2^32): it alone decides what the network is and does. */
  seed: number;
  /** Unix ms; messages that arrive in [from, to) are given. */
  from: number;
  /** Unix ms, Infinity for a run without an end. */
  to: number;
  /** Default 830,000. The number of sessions scales with it, not what they look like. */
  eventsPerDay?: number;
  /** Default 60, at most 1,000: more make a capability report too large for the gate. */
  orchestrators?: number;
  /** Names of the gateways; one may be empty. */
  gateways?: readonly string[];
  /** Share of the messages that something happens to on the way; default 0.002. */
  dirt?: number;
}

const HOUR_MS = 3_600_000;
const DEFAULT_EVENTS_PER_DAY = 830_000;
const DEFAULT_ORCHESTRATORS = 60;
const DEFAULT_DIRT = 0.002;
const DEFAULT_GATEWAYS = [
  'cloud-spe-ai-live-video-tester-sea',
  'cloud-spe-ai-live-video-tester-fra',
  'cloud-spe-ai-live-video-tester-mdw',
  '',
];

/** Measured; a test holds it. */
const MEAN_EVENTS_PER_SESSION = 24;

/** Nothing of a session or a report arrives so long after its start. */
const LOOK_BACK_MS = Math.max(MAX_SESSION_MS, MAX_DELAY_MS) + 10 * 60_000;

/** Each kind of random stream of one seed has its own. */
const SESSION = 0x53657373;
const REPORT = 0x52657074;
const DIRT = 0x44697274;

/** Demand of an hour of the day (UTC) against the mean: quiet at 7, busy at 19. */
function demandAt(hourOfDay: number): number {
  return 1 + 0.35 * Math.sin((2 * Math.PI * (hourOfDay - 13)) / 24);
}

/** A session or a report: it begins at `start` and delivers its messages after that. */
interface Happening {
  start: number;
  run(deliver: Deliver): void;
  /** Decides what goes wrong with its messages; apart, so that dirt changes nothing else. */
  dirt: Random;
}

function* sessionsOfHour(
  network: Network,
  { seed, eventsPerDay }: Settings,
  hour: number,
): Generator<Happening> {
  const pressure = demandAt(hour % 24);
  const mean = (eventsPerDay / MEAN_EVENTS_PER_SESSION / 24) * pressure;
  // The rate takes part in the seed: at another rate there are other sessions,
  // never the same ids with other contents.
  const rate = Math.round(eventsPerDay);
  const count = Math.floor(
    mean + new Random(seed, hour, -1, SESSION ^ rate).unit(),
  );
  // Starts are spread evenly and a test lasts until the next begins, if that is
  // not long: so that at small rates too somebody streams at nearly any time.
  const testMs = Math.min(Math.floor((1.2 * HOUR_MS) / count), 75_000);
  for (let index = 0; index < count; index++) {
    const random = new Random(seed, hour, index, SESSION ^ rate);
    const part = (index + 0.5 * random.unit()) / count;
    const start = hour * HOUR_MS + Math.floor(part * HOUR_MS);
    yield {
      start,
      run: deliver =>
        runSession(random, network, { start, pressure, testMs }, deliver),
      dirt: new Random(seed, hour, index, DIRT ^ rate),
    };
  }
}

function reportsOfHour(
  network: Network,
  { seed }: Settings,
  hour: number,
): Happening[] {
  const reports = network.gateways.flatMap((gateway, index) =>
    reportTimes(network, gateway, hour * HOUR_MS, (hour + 1) * HOUR_MS).map(
      start => {
        const minute = Math.floor(start / 60_000);
        const random = new Random(seed, minute, index, REPORT);
        return {
          start,
          run: (deliver: Deliver) =>
            sendReport(
              random,
              network,
              new Sender(random, gateway, deliver),
              start,
            ),
          dirt: new Random(seed, minute, index, REPORT ^ DIRT),
        };
      },
    ),
  );
  return reports.sort((one, other) => one.start - other.start);
}

/** All from the hour of `from` on in order of their starts, without an end. */
function* happenings(
  network: Network,
  settings: Settings,
  from: number,
): Generator<Happening, never> {
  for (let hour = Math.floor(from / HOUR_MS); ; hour++) {
    const reports = reportsOfHour(network, settings, hour);
    for (const session of sessionsOfHour(network, settings, hour)) {
      while (reports.length && reports[0].start <= session.start) {
        yield reports.shift()!;
      }
      yield session;
    }
    yield* reports;
  }
}

type Settings = Required<SimulateOptions>;

/** @throws RangeError that names the option and what it may be. */
function settingsOf(options: SimulateOptions): Settings {
  const settings = {
    eventsPerDay: DEFAULT_EVENTS_PER_DAY,
    orchestrators: DEFAULT_ORCHESTRATORS,
    gateways: DEFAULT_GATEWAYS,
    dirt: DEFAULT_DIRT,
    ...options,
  };
  const { seed, from, to, eventsPerDay, orchestrators, gateways, dirt } =
    settings;
  const demand = (holds: boolean, message: string) => {
    if (!holds) throw new RangeError(`simulate: ${message}`);
  };
  demand(
    Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32,
    `seed is a whole number from 0 to 4294967295, not ${seed}`,
  );
  demand(Number.isInteger(from), `from is a time in whole ms, not ${from}`);
  demand(
    Number.isInteger(to) || to === Infinity,
    `to is a time in whole ms or Infinity, not ${to}`,
  );
  demand(
    eventsPerDay >= 0 && Number.isFinite(eventsPerDay),
    `eventsPerDay is 0 or more, not ${eventsPerDay}`,
  );
  demand(
    Number.isInteger(orchestrators) &&
      orchestrators >= 1 &&
      orchestrators <= 1000,
    `orchestrators is a whole number from 1 to 1000, not ${orchestrators}`,
  );
  demand(gateways.length > 0, 'gateways has at least one name');
  demand(dirt >= 0 && dirt <= 1, `dirt is a share from 0 to 1, not ${dirt}`);
  return settings;
}

/** The network that `simulate` shows for the same options. */
export function networkOf({
  seed,
  orchestrators = DEFAULT_ORCHESTRATORS,
  gateways = DEFAULT_GATEWAYS,
}: Pick<SimulateOptions, 'seed' | 'orchestrators' | 'gateways'>): Network {
  return makeNetwork(seed, orchestrators, gateways);
}

/**
 * Gives the messages of a simulated network that arrive in [from, to), in order
 * of arrival. What happens follows from seed, rate and network alone, so windows
 * that adjoin add up: [a, b) and [b, c) give together what [a, c) gives.
 * Only what is in flight is held.
 *
 * @throws RangeError for an option out of its range.
 */
export function* simulate(
  options: SimulateOptions,
): Generator<SimulatedMessage, void> {
  const settings = settingsOf(options);
  const { from, to, dirt } = settings;
  const network = networkOf(settings);
  const queue = new ArrivalQueue();
  const put = (message: SimulatedMessage) => {
    if (message.at >= from && message.at < to) queue.put(message);
  };
  const coming = happenings(network, settings, from - LOOK_BACK_MS);
  let next = coming.next().value;
  for (
    let second = Math.floor((from - LOOK_BACK_MS) / 1000);
    second * 1000 < to;
    second++
  ) {
    for (; next.start < (second + 1) * 1000; next = coming.next().value) {
      const { dirt: random } = next;
      next.run((at, raw) => {
        if (random.chance(dirt)) soil(random, { at, raw }).forEach(put);
        else put({ at, raw });
      });
    }
    yield* queue.take(second);
  }
}
