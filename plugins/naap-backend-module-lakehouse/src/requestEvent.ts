import type { EventFacts, RawEvent } from '@naap/lakehouse';
import type { RequestEvent } from '@naap/plugin-naap-common';

/** Longer ones are no names. */
const LONGEST_NAME = 512;

const ADDRESSES = [
  // IPv4, also in brackets, with a port, or at the end of an IPv6 address.
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
  // IPv6: at least two colons between groups of hex digits. A time has no more than two groups after the first.
  /(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi,
  /(?<![\w:])[0-9a-f]{0,4}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,5})?(?![\w:])/gi,
];

/** A text without IP addresses, which may be those of clients. */
export function withoutAddresses(text: string): string {
  return ADDRESSES.reduce(
    (rest, address) => rest.replace(address, '[address]'),
    text,
  );
}

const textOf = (fact: string | number | null) =>
  typeof fact === 'string' && fact !== '' ? fact : null;

const numberOf = (fact: string | number | null) =>
  typeof fact === 'number' ? fact : null;

/** A time that is a number, or one as a text: below 10^11 in seconds, else in ms; 0 is none. */
function timeOf(fact: string | number | null): string | null {
  const value = Number(fact ?? 0);
  const ms = Math.round(Math.abs(value) < 1e11 ? value * 1000 : value);
  // Beyond it there is no date.
  return value !== 0 && Math.abs(ms) <= 8.64e15
    ? new Date(ms).toISOString()
    : null;
}

/** As `fct_requests` has it. */
function uriOf(fact: string | number | null): string | null {
  const uri = textOf(fact)?.toLowerCase();
  if (uri === undefined || uri.length > LONGEST_NAME) return null;
  let end = uri.length;
  while (uri[end - 1] === '/') end--;
  return uri.slice(0, end);
}

const STATUS_TIMES = {
  started_at: 'startTime',
  last_output_at: 'lastOutputTime',
  said_at: 'timestamp',
  state_since: 'lastStateUpdateTime',
} as const satisfies Partial<Record<keyof RequestEvent, keyof EventFacts>>;

/** An event as the API tells it. */
export function requestEvent(event: RawEvent): RequestEvent {
  const { facts } = event;
  const isStatus = event.type === 'ai_stream_status';
  const message = textOf(facts.message);
  const at = (name: keyof typeof STATUS_TIMES) =>
    isStatus ? timeOf(facts[STATUS_TIMES[name]]) : null;
  return {
    event_id: event.event_id ?? '',
    type: event.type,
    subtype: event.subtype,
    event_time: event.event_time,
    envelope_time: event.envelope_time,
    gateway: event.gateway,
    topic: event.topic,
    partition: event.partition,
    offset: event.offset,
    state: isStatus ? textOf(facts.state) : null,
    fps: isStatus ? numberOf(facts.fps) : null,
    input_fps: isStatus ? numberOf(facts.inputFps) : null,
    message: message === null ? null : withoutAddresses(message),
    orch_uri: uriOf(facts.orchUri),
    started_at: at('started_at'),
    last_output_at: at('last_output_at'),
    said_at: at('said_at'),
    state_since: at('state_since'),
    raw: event.raw,
    raw_length: event.raw_length,
  };
}
