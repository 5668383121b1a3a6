import { randomUUID } from 'node:crypto';
import type { RequestEvent } from '../plugins/naap-common/src/api.ts';
import type { RequestRow } from '../packages/serving/src/contract/index.ts';

/** The events of one request of 120 s, in the shapes that a gateway sends; of a failed one those of its error. */
export function fakeEvents(request: RequestRow): RequestEvent[] {
  const start = Date.parse(request.requested_at);
  const orchestratorInfo = {
    address: '0x52cf2968b3dc6016778742d3539449a6597d5954',
    url: request.orch_uri ?? '',
  };
  const events: RequestEvent[] = [];
  const add = (
    at: number,
    type: string,
    data: Record<string, unknown> & { type?: string },
    lag = 2,
  ) => {
    const id = randomUUID();
    const status = data as {
      state?: string;
      start_time?: number;
      message?: string;
      inference_status?: { fps: number; last_output_time: number };
      input_status?: { fps: number };
    };
    const raw = JSON.stringify({
      id,
      type,
      timestamp: String(Math.round(start + at + lag)),
      gateway: request.gateway,
      data: {
        stream_id: request.stream_id,
        request_id: request.request_id,
        timestamp: Math.round(start + at),
        orchestrator_info: orchestratorInfo,
        ...data,
      },
    });
    const isStatus = type === 'ai_stream_status';
    const timeOf = (ms: number | undefined) =>
      isStatus && ms !== undefined ? new Date(ms).toISOString() : null;
    events.push({
      event_id: id,
      type,
      subtype: data.type ?? null,
      event_time: new Date(start + at).toISOString(),
      envelope_time: new Date(start + at + lag).toISOString(),
      gateway: request.gateway,
      topic: 'network_events',
      partition: 0,
      offset: events.length,
      state: status.state ?? null,
      fps: status.inference_status?.fps ?? null,
      input_fps: status.input_status?.fps ?? null,
      message: status.message ?? null,
      orch_uri: request.orch_uri,
      started_at: timeOf(status.start_time),
      last_output_at: timeOf(status.inference_status?.last_output_time),
      said_at: timeOf(start + at),
      state_since: timeOf(status.start_time),
      raw,
      raw_length: raw.length,
    });
  };
  const ptff = request.ptff_ms ?? 2600;
  const e2e = request.e2e_ms ?? 900;
  add(0, 'stream_trace', { type: 'gateway_receive_stream_request' });
  add(180, 'create_new_payment', { faceValue: '2402400000000000 WEI' });
  if (request.swapped) {
    add(640, 'stream_trace', {
      type: 'orchestrator_swap',
      message: 'no segment for 5 s',
      pipeline: request.model,
    });
  }
  if (request.outcome === 'failed') {
    add(4000, 'ai_stream_events', {
      type: 'error',
      message: 'container exited: CUDA out of memory',
    });
    add(21_000, 'stream_trace', { type: 'gateway_ingest_stream_closed' });
    return events.sort(byEnvelope);
  }
  add(ptff - e2e, 'stream_trace', {
    type: 'gateway_send_first_ingest_segment',
  });
  add(
    ptff - e2e * 0.8,
    'stream_trace',
    { type: 'runner_receive_first_ingest_segment' },
    40,
  );
  add(
    ptff - e2e * 0.2,
    'stream_trace',
    { type: 'runner_send_first_processed_segment' },
    60,
  );
  add(ptff, 'stream_trace', {
    type: 'gateway_receive_first_processed_segment',
  });
  for (let i = 0; i < 12; i += 1) {
    add(
      ptff + 1000 + i * 9_800,
      'ai_stream_status',
      {
        type: 'status',
        pipeline: request.model,
        state: i === 5 ? 'DEGRADED_INFERENCE' : 'ONLINE',
        start_time: start + 900,
        inference_status: {
          fps: i === 0 ? 0 : 16 + 3 * Math.sin(i) - (i === 5 ? 9 : 0),
          last_error: '<b>not markup</b>',
          last_output_time: start + ptff + i * 9_800,
        },
        input_status: { fps: 24 },
      },
      30,
    );
  }
  add(request.startup_ms ?? 9000, 'stream_trace', {
    type: 'gateway_receive_few_processed_segments',
  });
  add(118_000, 'ai_stream_events', {
    type: 'error',
    message: 'mediamtx ingest disconnected <script>window.__hacked=1</script>',
  });
  add(120_000, 'stream_trace', { type: 'gateway_ingest_stream_closed' });
  return events.sort(byEnvelope);
}

function byEnvelope(a: RequestEvent, b: RequestEvent): number {
  return a.envelope_time < b.envelope_time ? -1 : 1;
}
