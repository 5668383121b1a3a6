import {
  GPU_KINDS,
  GpuKind,
  MODELS,
  Model,
  QUALITIES,
  Quality,
} from './catalogue';
import { Random } from './random';

/** A gateway: the sender of every message. */
export interface Gateway {
  /** As in the envelope; one of them sends none, as `-gatewayHost` unset does. */
  name: string;
  /** Its address as the sender of payments. */
  sender: string;
  /** Leaves nulls out of statuses, as some exports do. */
  stripsNulls: boolean;
}

/** A model that an endpoint offers; warm when a container has it loaded. */
export interface Offer {
  model: Model;
  warm: boolean;
  capacity: number;
  pricePerUnit: number;
}

export interface Gpu {
  id: string;
  kind: GpuKind;
}

/** One URL of an orchestrator: what a gateway talks to. */
export interface Endpoint {
  orchestrator: Orchestrator;
  url: string;
  /** `orchestrator_info` of its messages: the hot wallet, not the identity. */
  info: string;
  offers: readonly Offer[];
  /** Empty for one that only transcodes. */
  gpus: readonly Gpu[];
  reportsHardware: boolean;
  runnerVersion: string;
  /** Runner clock − true time, ms. */
  clockSkewMs: number;
  /** The newer runners also trace the request itself. */
  tracesRequest: boolean;
  /** Ms between two payments of a stream. */
  paymentEveryMs: number;
  faceValue: string;
  winProb: string;
}

/** An on-chain identity with one or more URLs. */
export interface Orchestrator {
  address: string;
  hotWallet: string;
  version: string;
  /** Idle slots of the transcoding capabilities. */
  capacity: number;
  quality: Quality;
  endpoints: readonly Endpoint[];
}

export interface Network {
  gateways: readonly Gateway[];
  orchestrators: readonly Orchestrator[];
  /** Endpoints that offer a model, by model id; busy ones repeat. */
  byModel: ReadonlyMap<string, readonly Endpoint[]>;
  /** URLs of others that an orchestrator reports as its own. */
  claims: readonly Endpoint[];
  /** A node that is not registered: it has no address on the chain. */
  unregistered: Endpoint;
}

const VERSIONS = ['0.9.1', '0.8.8', '0.9.1-3a5678ec', '0.9.0', '0.8.6'];
const RUNNERS = ['0.14.0', '0.13.11-a201f99d', '0.14.1', '0.13.11-747e557a'];
const PORTS = [8935, 8936, 6500, 9190, 18936];

/** URLs of the live orchestrators in the order of their making. */
const URL_COUNTS = [1, 2, 1, 1, 4, 1, 1, 1, 1, 2, 1, 1];

/**
 * Clock errors of runners in ms, one an orchestrator. Most are small; one is
 * seconds, one is beyond the 5 minutes in which a runner's clock is believed.
 */
const CLOCK_SKEWS = [
  -14, 2, -70, 35, 0, -54, 120, -3, 8, 2400, -26, 15, 61, 0, 5, -9, 420_000, 18,
];

/** Of ten orchestrators four serve live video; the others only transcode. */
const LIVE_SHARE = 0.4;

function infoOf(wallet: string, url: string): string {
  return `{"address":"${wallet.toLowerCase()}","url":"${url}"}`;
}

function makeEndpoint(
  random: Random,
  orchestrator: Orchestrator,
  liveIndex: number,
  urlIndex: number,
): Endpoint {
  const live = liveIndex >= 0;
  const url = `https://orch-${random.hex8().slice(2)}.example:${random.pick(
    PORTS,
  )}`;
  const kind = GPU_KINDS[liveIndex % GPU_KINDS.length];
  const warm = MODELS[(liveIndex + urlIndex) % MODELS.length];
  const cold = MODELS[(liveIndex + urlIndex + 1) % MODELS.length];
  const pricePerUnit = random.chance(0.1) ? 0 : random.whole(1200, 1900);
  const capacity = random.chance(0.2) ? 4 : random.whole(1, 2);
  const warmOffer = { model: warm, warm: true, capacity, pricePerUnit };
  const coldOffer = { model: cold, warm: false, capacity: 1, pricePerUnit };
  const gpus = Array.from({ length: live ? capacity : 0 }, (_, index) => ({
    id: `GPU-${random.uuid()}`,
    // Now and then one machine holds two kinds: then nothing tells which served.
    kind:
      index === 1 && liveIndex % 9 === 4
        ? GPU_KINDS[(liveIndex + 1) % GPU_KINDS.length]
        : kind,
  }));
  const bigTickets = random.chance(0.2);
  return {
    orchestrator,
    url,
    info: infoOf(orchestrator.hotWallet, url),
    offers: live
      ? [warmOffer, ...(liveIndex % 3 === 0 ? [coldOffer] : [])]
      : [],
    gpus,
    reportsHardware: live && liveIndex % 4 !== 3,
    runnerVersion: random.pick(RUNNERS),
    clockSkewMs: live ? CLOCK_SKEWS[liveIndex % CLOCK_SKEWS.length] : 0,
    tracesRequest: liveIndex % 5 < 3,
    paymentEveryMs: 6000 + 500 * (liveIndex % 5),
    faceValue: bigTickets ? '0.02 ETH' : '2402400000000000 WEI',
    winProb: bigTickets ? '0.0001199881' : '0.0009990010',
  };
}

/** Each model needs somebody: in a tiny network the first endpoint offers the rest cold. */
function coverAllModels(endpoints: Endpoint[]): Endpoint[] {
  const offered = new Set(
    endpoints.flatMap(endpoint => endpoint.offers.map(({ model }) => model)),
  );
  const [first, ...others] = endpoints;
  const rest = MODELS.filter(model => !offered.has(model)).map(model => ({
    ...first.offers[0],
    model,
    warm: false,
    capacity: 1,
  }));
  return [{ ...first, offers: [...first.offers, ...rest] }, ...others];
}

function makeOrchestrators(random: Random, count: number): Orchestrator[] {
  const liveCount = Math.max(1, Math.round(count * LIVE_SHARE));
  const orchestrators: Orchestrator[] = [];
  for (let index = 0; index < count; index++) {
    const liveIndex = index < liveCount ? index : -1;
    const address = random.address();
    // Most that transcode sign with the on-chain key itself; of seven live ones
    // two share a hot wallet.
    const ownWallet = liveIndex < 0 && random.chance(0.7);
    const sharesWallet = liveIndex % 7 === 6;
    const separate = ownWallet ? address : random.address();
    const orchestrator: Orchestrator = {
      address,
      hotWallet: sharesWallet ? orchestrators[index - 1].hotWallet : separate,
      version: random.pick(VERSIONS),
      capacity: random.whole(1, 4),
      quality: QUALITIES[Math.max(0, liveIndex) % QUALITIES.length],
      endpoints: [],
    };
    const urls = liveIndex < 0 ? 1 : URL_COUNTS[liveIndex % URL_COUNTS.length];
    const endpoints = Array.from({ length: urls }, (_, urlIndex) =>
      makeEndpoint(random, orchestrator, liveIndex, urlIndex),
    );
    orchestrator.endpoints =
      index === 0 ? coverAllModels(endpoints) : endpoints;
    orchestrators.push(orchestrator);
  }
  return orchestrators;
}

/** How often an endpoint is chosen for a model: by the warm containers it has. */
function choicesFor(model: Model, endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.flatMap(endpoint => {
    const offer = endpoint.offers.find(candidate => candidate.model === model);
    if (!offer) return [];
    const times = offer.warm ? 8 + 4 * offer.capacity : 1;
    return new Array<Endpoint>(times).fill(endpoint);
  });
}

/**
 * One of several URLs of a live orchestrator, as somebody reports it who only
 * transcodes. None in a network that is too small to have both.
 */
function makeClaims(orchestrators: readonly Orchestrator[]): Endpoint[] {
  const claimed = orchestrators
    .filter(({ endpoints }) => endpoints[0].offers.length > 0)
    .flatMap(({ endpoints }) => endpoints.slice(1))
    .at(-1);
  const claimant = orchestrators.find(
    ({ address, endpoints, hotWallet }) =>
      endpoints[0].offers.length === 0 && hotWallet !== address,
  );
  return claimed && claimant
    ? [{ ...claimed, orchestrator: claimant, gpus: [], reportsHardware: false }]
    : [];
}

/** Now and then a wallet is seen at a contested URL that no report names: then nothing tells whose it is. */
function unknownAt(
  random: Random,
  claims: readonly Endpoint[],
  endpoints: readonly Endpoint[],
): Endpoint[] {
  return endpoints
    .filter(({ url }) => claims.some(claim => claim.url === url))
    .map(endpoint => ({
      ...endpoint,
      info: infoOf(random.address(), endpoint.url),
    }));
}

/** The same network for the same arguments, whatever the window. */
export function makeNetwork(
  seed: number,
  orchestratorCount: number,
  gatewayNames: readonly string[],
): Network {
  const random = new Random(seed, 0, 0, 0x4e657477);
  const gateways = gatewayNames.map((name, index) => ({
    name,
    sender: random.address(),
    stripsNulls: index % 4 !== 0,
  }));
  const orchestrators = makeOrchestrators(random, orchestratorCount);
  const endpoints = orchestrators.flatMap(({ endpoints: own }) => own);
  const claims = makeClaims(orchestrators);
  const unknown = unknownAt(random, claims, endpoints);
  const nobody: Orchestrator = {
    ...orchestrators[0],
    address: '',
    hotWallet: random.address(),
    endpoints: [],
  };
  return {
    gateways,
    orchestrators,
    byModel: new Map(
      MODELS.map(model => {
        const offersIt = ({ offers }: Endpoint) =>
          offers.some(offer => offer.model === model);
        return [
          model.id,
          [...choicesFor(model, endpoints), ...unknown.filter(offersIt)],
        ];
      }),
    ),
    claims,
    unregistered: makeEndpoint(random, nobody, -1, 0),
  };
}
