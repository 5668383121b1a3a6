import { Random } from './random';

/** A message and when it arrives, unix ms. */
export interface SimulatedMessage {
  at: number;
  raw: string;
}

/** The longest that dirt holds a message up, ms. */
export const MAX_DELAY_MS = 25 * 60_000;

type Envelope = Record<string, unknown>;
type Defect = (random: Random, message: SimulatedMessage) => SimulatedMessage[];

/** Reads the message, changes it and writes it again: for the few that need it. */
const edited =
  (edit: (event: Envelope, data: Envelope, random: Random) => void): Defect =>
  (random, { at, raw }) => {
    const event: Envelope = JSON.parse(raw);
    const data = event.data as Envelope | Envelope[];
    edit(event, Array.isArray(data) ? data[0] ?? {} : data, random);
    return [{ at, raw: JSON.stringify(event) }];
  };

const later = (random: Random, at: number, limitMs: number) =>
  at + random.whole(1000, limitMs);

const copyWith =
  (edit: Parameters<typeof edited>[0]): Defect =>
  (random, message) => {
    const at = later(random, message.at, 60_000);
    return [message, ...edited(edit)(random, { at, raw: message.raw })];
  };

/** JSON text of an object, or of an array of some, whose first member is there twice. */
const withNameTwice = (json: string) =>
  json.replace(/\{("[^"]+":)/, '{$1null,$1');

/** Half of a surrogate pair: JSON writes it as an escape, UTF-8 cannot hold it. */
const HALVES = ['\ud83d', '\ude00'];

/** How other tools write a message down: what kpis.md, section 7, opens. */
const WRAPPERS: ((event: Envelope, raw: string, at: number) => unknown)[] = [
  (_event, payload, ts) => ({
    topic: 'network_events',
    partition: 0,
    offset: ts % 1_000_000,
    tstype: 'create',
    ts,
    key: null,
    payload,
  }),
  event => ({ schema: null, payload: event }),
  (_event, payload) => ({
    schema: { type: 'string', optional: false },
    payload,
  }),
  (_event, value, timestamp) => ({ key: null, timestamp, value }),
  ({ id, type, timestamp, gateway, data }) => ({
    event_id: id,
    event_type: type,
    event_ts: new Date(Number(timestamp)).toISOString(),
    gateway,
    data,
  }),
];

const scaled = (value: unknown) => Math.floor(Number(value) / 1000);

/** What goes wrong on the way, by name; each is as likely as the others. */
export const DEFECTS: Readonly<Record<string, Defect>> = {
  lost: () => [],
  late: (random, { at, raw }) => {
    const isReport = raw.includes('"type":"network_capabilities"');
    const limit = isReport ? MAX_DELAY_MS : 5 * 60_000;
    return [{ at: later(random, at, limit), raw }];
  },
  'exact duplicate': (random, message) => [
    message,
    { at: later(random, message.at, 60_000), raw: message.raw },
  ],
  'duplicate with another time': copyWith((event, _data, random) => {
    event.timestamp = String(Number(event.timestamp) + random.whole(1, 900));
  }),
  'duplicate with other data': copyWith((_event, data) => {
    data.resent = true;
  }),
  'half a line': (random, { at, raw }) => [
    { at, raw: raw.slice(0, random.whole(1, raw.length - 2)) },
  ],
  'not JSON': (random, { at }) => [
    { at, raw: `\u0000\u0001PK<html>502 ${random.hex8()}</html>` },
  ],
  'not an object': (random, { at }) => [
    { at, raw: random.pick(['[]', '"ping"', '42', 'null', 'true']) },
  ],
  'foreign type': edited((event, _data, random) => {
    event.type = random.pick([
      'webrtc_stats',
      'pipelines_api_request',
      'stream_heartbeat',
      'app_client_trace',
    ]);
  }),
  'foreign trace': edited((event, data) => {
    event.type = 'stream_trace';
    data.type = 'stream_started';
  }),
  'no type': edited(event => {
    delete event.type;
  }),
  'no data': edited((event, _data, random) => {
    event.data = random.chance(0.5) ? null : undefined;
  }),
  'bad timestamp': edited((event, _data, random) => {
    event.timestamp = random.pick([
      undefined,
      'yesterday',
      1e300,
      '-1',
      '946684800000',
    ]);
  }),
  'broken schema': edited((event, data, random) => {
    if (Array.isArray(event.data)) event.data.push(null);
    else if (random.chance(0.5)) event.data = 'not JSON either';
    else data.request_id = random.pick([undefined, '', null, 7]);
  }),
  'fps as text': edited((_event, data) => {
    const status = data.inference_status as Envelope | undefined;
    if (status) status.fps = String(status.fps);
    else data.fps = 'fast';
  }),
  'name twice': (random, { at, raw }) => {
    const { data, ...rest } = JSON.parse(raw) as Envelope;
    const twice = withNameTwice(JSON.stringify(data));
    const inData = JSON.stringify({ ...rest, data: 0 }).replace(/0}$/, '');
    const said = random.pick([
      raw.replace('{', '{"\\u0069d":"other",'),
      `${inData}${twice}}`,
      `${inData}${JSON.stringify(twice)}}`,
    ]);
    return [{ at, raw: said }];
  },
  'half a surrogate pair': edited((event, data, random) => {
    const half = random.pick(HALVES);
    const [named, name] = random.pick<[Envelope, string]>([
      [event, 'id'],
      [data, 'stream_id'],
      [data, 'message'],
    ]);
    named[name] = `${named[name] ?? ''}${half}`;
  }),
  'wrapped by a tool': (random, { at, raw }) => [
    {
      at,
      raw: JSON.stringify(random.pick(WRAPPERS)(JSON.parse(raw), raw, at)),
    },
  ],
  'forged report': copyWith((event, data, random) => {
    event.id = random.uuid();
    event.type = 'network_capabilities';
    event.data = {
      orchestrator_info: { address: '', url: '' },
      ...data,
      address: `0x${random.hex8().repeat(5)}`,
    };
  }),
  'empty stream_id': edited((_event, data) => {
    if (data.stream_id) data.stream_id = '';
  }),
  'empty gateway': edited(event => {
    event.gateway = '';
  }),
  'too long a name': edited((event, data, random) => {
    const [named, name] = random.pick<[Envelope, string]>([
      [event, 'id'],
      [event, 'gateway'],
      [data, 'stream_id'],
      [data, 'request_id'],
      [data, 'pipeline'],
      [data, 'orch_uri'],
    ]);
    named[name] = String(named[name] ?? '').padEnd(random.whole(513, 600), '/');
  }),
  'in seconds': edited((event, data) => {
    event.timestamp = String(scaled(event.timestamp));
    if (data.timestamp) data.timestamp = scaled(data.timestamp);
  }),
  'monotonic runner clock': edited((_event, data, random) => {
    const ofRunner = data.start_time || /^runner_/.test(String(data.type));
    if (ofRunner) data.timestamp = random.between(1000, 900_000);
  }),
  'timestamp as number': edited(event => {
    event.timestamp = Number(event.timestamp);
  }),
  'data as text': edited(event => {
    event.data = JSON.stringify(event.data);
  }),
};

const ALL_DEFECTS = Object.values(DEFECTS);

/** What becomes of a message that something happens to; nothing of it comes before `message.at`. */
export function soil(
  random: Random,
  message: SimulatedMessage,
): SimulatedMessage[] {
  for (;;) {
    const soiled = random.pick(ALL_DEFECTS)(random, message);
    const [first] = soiled;
    // Not every defect fits every message: take another where it changes nothing.
    const unchanged =
      soiled.length === 1 &&
      first.raw === message.raw &&
      first.at === message.at;
    if (!unchanged) return soiled;
  }
}
