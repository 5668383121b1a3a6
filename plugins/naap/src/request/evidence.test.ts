import { RequestEvent } from '@naap/plugin-naap-common';
import { requestEvent, requestRow } from '../testing/answers';
import { evidenceOf, samplesBehind } from './evidence';

const START = Date.parse('2026-01-08T21:49:05.298Z');

function trace(
  subtype: string,
  at: number,
  orch_uri: string | null = null,
): RequestEvent {
  return requestEvent({
    event_id: `${subtype}@${at}`,
    subtype,
    event_time: new Date(START + at).toISOString(),
    orch_uri,
  });
}

describe('evidence of a duration (kpis.md §2)', () => {
  const events = [
    trace('gateway_receive_stream_request', 0),
    trace('gateway_receive_first_processed_segment', 9000),
    trace('gateway_receive_first_processed_segment', 2655),
  ];

  it('takes the smallest event time of an edge that repeats', () => {
    expect(evidenceOf('ptff_ms', requestRow(), events)).toEqual({
      from: events[0],
      to: events[2],
    });
  });

  it('shows none rather than one that does not give the value', () => {
    expect(
      evidenceOf('ptff_ms', requestRow({ ptff_ms: 1234 }), events),
    ).toBeNull();
    expect(evidenceOf('startup_ms', requestRow(), events)).toBeNull();
    expect(
      evidenceOf('ptff_ms', requestRow({ ptff_ms: null }), events),
    ).toBeNull();
  });

  it("takes for E2E only edges of the request's own URL", () => {
    const own = 'https://orch.example:8936';
    const e2e = [
      trace('gateway_send_first_ingest_segment', 100, 'https://other.example'),
      trace('gateway_send_first_ingest_segment', 2285, own),
      trace('gateway_receive_first_processed_segment', 2655, own),
    ];
    expect(evidenceOf('e2e_ms', requestRow({ e2e_ms: 370 }), e2e)).toEqual({
      from: e2e[1],
      to: e2e[2],
    });
  });
});

const URL = 'https://orch.example:8936';
const timeAt = (ms: number) => new Date(START + ms).toISOString();

function status(
  at: number,
  facts: Partial<RequestEvent>,
  sent = at,
): RequestEvent {
  return {
    ...trace('status', at, URL),
    type: 'ai_stream_status',
    event_id: `status@${at}`,
    envelope_time: new Date(START + sent).toISOString(),
    ...facts,
  };
}

describe('startup of a request with loading overlay (kpis.md §3)', () => {
  const running = {
    state: 'ONLINE',
    started_at: timeAt(500),
    said_at: timeAt(21_000),
    state_since: timeAt(18_000),
    last_output_at: timeAt(20_000),
  };
  const events = [
    trace('gateway_receive_stream_request', 0),
    trace('gateway_receive_first_processed_segment', 2655),
    // Left over from the stream before.
    status(11_000, { ...running, last_output_at: timeAt(-9000) }),
    status(12_000, { ...running, state: 'LOADING' }),
    status(21_000, running, 21_040),
  ];

  it('ends where the state of the first status with inference began, by the envelope', () => {
    expect(
      evidenceOf(
        'startup_ms',
        requestRow({ overlay: true, startup_ms: 18_040 }),
        events,
      ),
    ).toEqual({ from: events[0], to: events[4], note: 'when its state began' });
  });

  it('has no evidence where that does not give the value', () => {
    expect(
      evidenceOf(
        'startup_ms',
        requestRow({ overlay: true, startup_ms: 9000 }),
        events,
      ),
    ).toBeNull();
  });
});

describe('samples behind FPS and jitter (kpis.md §2)', () => {
  const sample = (at: number, fps: number | null, state = 'ONLINE') =>
    status(at, { state, fps });
  const events = [
    sample(10_000, 0),
    sample(20_000, 12, 'LOADING'),
    sample(30_000, 10),
    sample(40_000, null),
    sample(50_000, 0),
    sample(60_000, 20),
    trace('gateway_ingest_stream_closed', 70_000),
    sample(80_000, 30),
  ];
  const request = requestRow({
    fps_mean: 10,
    fps_samples: 3,
    jitter: Math.sqrt(200 / 3) / 10,
  });

  it('leave out loading, what comes before output and after the close, and keep a stall', () => {
    const evidence = { from: events[2], to: events[5] };
    expect(samplesBehind('fps_mean', request, events)).toEqual(evidence);
    expect(samplesBehind('jitter', request, events)).toEqual(evidence);
  });

  it('are not shown where they do not give the stored number', () => {
    expect(
      samplesBehind('fps_mean', { ...request, fps_mean: 11 }, events),
    ).toBeNull();
    expect(
      samplesBehind('jitter', { ...request, orch_uri: 'x' }, events),
    ).toBeNull();
    expect(
      samplesBehind('jitter', { ...request, jitter: null }, events),
    ).toBeNull();
  });
});
