import { Sender } from './messages';
import { Endpoint, Gateway, Network, Offer } from './network';
import { Random } from './random';

/** `-liveAICapReportInterval` of go-livepeer. */
const REPORT_INTERVAL_MS = 25 * 60_000;

const LIVE_VIDEO = 35;

/** Ids of what an orchestrator can do: transcoding alone, and with batch AI. */
const TRANSCODING = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 26];
const BATCH_AI = [15, 16, 17, 18, 27, 28, 29, 30, 31, 32, 34, 36];

function bitstring(ids: readonly number[]): number {
  return ids.reduce((bits, id) => bits + 2 ** id, 0);
}

/** The capacity left and used now; as in protobuf, what is zero or false vanishes. */
function modelText(offer: Offer, runnerVersion: string, inUse: number): string {
  const idle = offer.capacity - inUse;
  const fields = [
    ...(offer.warm ? ['"warm":true'] : []),
    ...(idle > 0 ? [`"capacity":${idle}`] : []),
    `"runnerVersion":"${runnerVersion}"`,
    ...(inUse > 0 ? [`"capacityInUse":${inUse}`] : []),
  ];
  return `"${offer.model.id}":{${fields.join(',')}}`;
}

function priceText(offer: Offer): string {
  const price = offer.pricePerUnit
    ? `"pricePerUnit":${offer.pricePerUnit},`
    : '';
  return `{${price}"pixelsPerUnit":1,"capability":${LIVE_VIDEO},"constraint":"${offer.model.id}"}`;
}

/** One entry a container: each says that its card is number 0. */
function hardwareText(random: Random, endpoint: Endpoint): string {
  if (!endpoint.reportsHardware) return 'null';
  const containers = endpoint.gpus.map(({ id, kind }, index) => {
    const minor = kind.minor ? `"minor":${kind.minor},` : '';
    const free = kind.memoryTotal - 1024 * random.whole(400_000, 1_600_000);
    const info = `{"0":{"id":"${id}","name":"${kind.name}","major":${kind.major},${minor}"memory_free":${free},"memory_total":${kind.memoryTotal}}}`;
    const { model } = endpoint.offers[index % endpoint.offers.length];
    return `{"pipeline":"live-video-to-video","model_id":"${model.id}","gpu_info":${info}}`;
  });
  return `[${containers.join(',')}]`;
}

function entryText(random: Random, endpoint: Endpoint): string {
  const { orchestrator, offers } = endpoint;
  const live = offers.length > 0;
  const ids = live
    ? [...TRANSCODING, LIVE_VIDEO]
    : [...TRANSCODING, ...BATCH_AI].sort((one, other) => one - other);
  const capacities = ids.map(id => {
    const capacity = id === LIVE_VIDEO ? 1 : orchestrator.capacity;
    return `"${id}":${capacity}`;
  });
  const models = offers.map(offer =>
    modelText(
      offer,
      endpoint.runnerVersion,
      offer.warm ? random.whole(0, offer.capacity) : 0,
    ),
  );
  const constraints = live
    ? `"PerCapability":{"${LIVE_VIDEO}":{"models":{${models.join(',')}}}}`
    : `"minVersion":"${orchestrator.version}"`;
  const prices = live ? `[${offers.map(priceText).join(',')}]` : 'null';
  return `{"address":"${orchestrator.address}","local_address":"${
    orchestrator.hotWallet
  }","orch_uri":"${endpoint.url}","capabilities":{"bitstring":[${bitstring(
    ids,
  )}],"capacities":{${capacities.join(',')}},"version":"${
    orchestrator.version
  }","constraints":{${constraints}}},"capabilities_prices":${prices},"hardware":${hardwareText(
    random,
    endpoint,
  )}}`;
}

/** When the gateway reports in [from, to): every 25 minutes, each gateway at its own; unix ms. */
export function reportTimes(
  network: Network,
  gateway: Gateway,
  from: number,
  to: number,
): number[] {
  const phase = Math.floor(
    (REPORT_INTERVAL_MS * network.gateways.indexOf(gateway)) /
      network.gateways.length,
  );
  const first = Math.ceil((from - phase) / REPORT_INTERVAL_MS);
  const times: number[] = [];
  for (
    let time = first * REPORT_INTERVAL_MS + phase;
    time < to;
    time += REPORT_INTERVAL_MS
  ) {
    times.push(time);
  }
  return times;
}

/** All that the gateway knows of the network; now and then one can't be reached, or one is there without an address. */
export function sendReport(
  random: Random,
  network: Network,
  sender: Sender,
  time: number,
): void {
  const entries = network.orchestrators
    .flatMap(({ endpoints }) => endpoints)
    .concat(network.claims)
    .filter(() => !random.chance(0.01))
    .concat(random.chance(0.2) ? network.unregistered : [])
    .map(endpoint => entryText(random, endpoint));
  sender.send('network_capabilities', time, `[${entries.join(',')}]`);
}
