import { RequestEvent } from '@naap/plugin-naap-common';
import { requestEvent } from '../testing/answers';
import { eventSummary, prettyRaw } from './parseEvent';
import { buildTimeline } from './timeline';

const START = '2026-01-08T21:49:05.000Z';

function event(
  type: string,
  subtype: string | null,
  seconds: number,
  facts: Partial<RequestEvent> = {},
): RequestEvent {
  return requestEvent({
    event_id: `${type}-${seconds}`,
    type,
    subtype,
    event_time: new Date(Date.parse(START) + seconds * 1000).toISOString(),
    ...facts,
  });
}

describe('time line of a request', () => {
  const timeline = buildTimeline(
    [
      event('stream_trace', 'gateway_receive_stream_request', 0),
      event('stream_trace', 'runner_receive_stream_request', 1.2),
      event('ai_stream_events', 'error', 50),
      event('ai_stream_status', 'status', 40, {
        state: 'ONLINE',
        fps: 16,
      }),
      event('ai_stream_status', 'status', 30),
      event('create_new_payment', null, 2),
    ],
    START,
  );

  it('puts each event into the lane of the clock that said it', () => {
    expect(timeline.points.map(point => [point.lane, point.seconds])).toEqual([
      ['gateway', 0],
      ['runner', 1.2],
      ['errors', 50],
    ]);
  });

  it('tells swaps from traces, and what the errors weigh', () => {
    const { points } = buildTimeline(
      [
        event('stream_trace', 'orchestrator_swap', 5, { message: 'too slow' }),
        event('ai_stream_events', 'error', 6, { message: 'GPU lost' }),
        event('ai_stream_events', 'error', 7, { message: 'WHIP disconnected' }),
        event('ai_stream_events', 'error', 8, {
          message: 'missing next handle',
        }),
      ],
      START,
    );
    expect(
      points.map(({ lane, detail, weight }) => [lane, detail, weight]),
    ).toEqual([
      ['swaps', 'too slow', null],
      ['errors', 'GPU lost', 'not excused'],
      ['errors', 'WHIP disconnected', 'excused'],
      ['errors', 'missing next handle', 'harmless'],
    ]);
  });

  it("says how far the runner's times are from their envelopes, and nothing without one", () => {
    const late = (seconds: number, lag: number) => ({
      ...event('ai_stream_status', 'status', seconds),
      envelope_time: new Date(
        Date.parse(START) + (seconds + lag) * 1000,
      ).toISOString(),
    });
    expect(
      buildTimeline([late(1, 0.5), late(2, -0.25)], START).runnerLag,
    ).toEqual({ low: -0.25, high: 0.5 });
    expect(timeline.runnerLag).toBeNull();
  });

  it('keeps an FPS that nobody says as null, and statuses in order', () => {
    expect(timeline.statuses.map(({ seconds, fps }) => [seconds, fps])).toEqual(
      [
        [30, null],
        [40, 16],
      ],
    );
  });

  it('has round ticks within its domain', () => {
    expect(timeline.domain).toEqual([-1, 51]);
    expect(timeline.ticks).toEqual([0, 10, 20, 30, 40, 50]);
  });
});

describe('what an event says', () => {
  it('is shown as it is where it is no JSON', () => {
    expect(prettyRaw('<b>x</b>')).toBe('<b>x</b>');
  });

  it('says the message of an error', () => {
    expect(
      eventSummary(event('ai_stream_events', 'error', 1, { message: '<b>' })),
    ).toBe('<b>');
  });
});
