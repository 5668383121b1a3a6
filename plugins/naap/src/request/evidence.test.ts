import { RequestEvent } from '@naap/plugin-naap-common';
import { requestRow } from '../testing/answers';
import { evidenceOf } from './evidence';

const START = Date.parse('2026-01-08T21:49:05.298Z');

function trace(subtype: string, at: number, url = ''): RequestEvent {
  const time = new Date(START + at).toISOString();
  return {
    event_id: `${subtype}@${at}`,
    type: 'stream_trace',
    subtype,
    event_time: time,
    envelope_time: time,
    gateway: '',
    raw: JSON.stringify({ data: { orchestrator_info: { url } } }),
  };
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

  it("takes for E2E only edges of the request's own URL, whatever its case", () => {
    const own = 'HTTPS://Orch.example:8936/';
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
