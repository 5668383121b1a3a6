import { classify } from '@naap/events';
import { simulate } from './simulate';

const HOUR = 3_600_000;
const from = Date.UTC(2026, 0, 15, 18);

interface Info {
  address: string;
  url: string;
}

interface Data {
  type?: string;
  timestamp?: number;
  request_id?: string;
  stream_id?: string;
  orchestrator_info?: Info;
  message?: string;
  pipeline?: string;
  state?: string;
  start_time?: number;
  last_state_update_time?: number;
  inference_status?: {
    fps: number;
    last_output_time?: number | null;
    last_restart_time?: number | null;
    last_error_time?: number | null;
    restart_count: number;
  };
  input_status?: { fps: number };
  [key: string]: unknown;
}

interface Entry {
  address: string;
  local_address: string;
  orch_uri: string;
  capabilities: {
    constraints: {
      PerCapability?: Record<string, { models: Record<string, object> }>;
    };
  };
  capabilities_prices: Record<string, unknown>[] | null;
  hardware:
    | { model_id: string; gpu_info: Record<string, Record<string, unknown>> }[]
    | null;
}

interface Event {
  id: string;
  type: string;
  timestamp: string;
  gateway: string;
  data: Data;
}

const messages = Array.from(
  simulate({ seed: 11, from, to: from + 2 * HOUR, dirt: 0 }),
);
const events: Event[] = messages.map(({ raw }) => JSON.parse(raw));
const reports = events.filter(({ type }) => type === 'network_capabilities');
const listed = reports.flatMap(({ data }) => data as unknown as Entry[]);
/** Of nodes that are registered. */
const entries = listed.filter(({ address }) => address !== '');
/** URLs that one report gives to two addresses. */
const contested = new Set(
  reports.flatMap(({ data }) => {
    const urls = (data as unknown as Entry[]).map(({ orch_uri: url }) => url);
    return urls.filter((url, index) => urls.indexOf(url) !== index);
  }),
);

/** Requests that began and ended within the time looked at, with their messages by envelope time. */
const requests = [
  ...events
    .filter(({ data }) => data.request_id)
    .sort((one, other) => Number(one.timestamp) - Number(other.timestamp))
    .reduce((groups, event) => {
      const key = `${event.data.stream_id}|${event.data.request_id}`;
      return groups.set(key, [...(groups.get(key) ?? []), event]);
    }, new Map<string, Event[]>())
    .values(),
].filter(
  all =>
    all.some(({ data }) => data.type === 'gateway_receive_stream_request') &&
    all.some(({ data }) => data.type === 'gateway_ingest_stream_closed'),
);

const traces = (all: Event[], type: string) =>
  all.filter(({ data }) => data.type === type);
/** Of an ai-runner; what the worker of somebody's own application says is little. */
const statuses = (all: Event[]) =>
  all.filter(
    ({ type, data }) => type === 'ai_stream_status' && data.inference_status,
  );
const workerStatuses = (all: Event[]) =>
  all.filter(
    ({ type, data }) => type === 'ai_stream_status' && !data.inference_status,
  );
const errors = (all: Event[]) =>
  all.filter(
    ({ type, data }) => type === 'ai_stream_events' && data.type === 'error',
  );
const mean = (values: number[]) =>
  values.reduce((total, value) => total + value, 0) / values.length;

/** All names in a value, nested ones with dots; what may be left out or varies is not followed. */
function names(value: unknown, prefix = ''): string[] {
  if (
    typeof value !== 'object' ||
    value === null ||
    prefix === 'last_params.'
  ) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) => [
    prefix + name,
    ...names(inner, `${prefix}${name}.`),
  ]);
}

describe('messages when nothing goes wrong', () => {
  it('are all accepted by the gate', () => {
    const refused = messages.filter(
      ({ at, raw }) => classify(raw, at).class !== 'accepted',
    );
    expect(refused).toEqual([]);
  });

  it('have the envelope of go-livepeer, published before they arrive', () => {
    const id =
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const odd = messages.filter(({ at }, index) => {
      const event = events[index];
      const underway = at - Number(event.timestamp);
      return (
        Object.keys(event).join() !== 'id,type,timestamp,gateway,data' ||
        !id.test(event.id) ||
        !/^\d{13}$/.test(event.timestamp) ||
        underway <= 0 ||
        underway > 1500
      );
    });
    expect(odd).toEqual([]);
  });

  it.each([
    [
      'stream_trace',
      'gateway_receive_stream_request',
      'orchestrator_info orchestrator_info.address orchestrator_info.url pipeline_id request_id stream_id timestamp type',
    ],
    [
      'stream_trace',
      'orchestrator_swap',
      'message orchestrator_info orchestrator_info.address orchestrator_info.url pipeline pipeline_id request_id stream_id type',
    ],
    [
      'ai_stream_status',
      'status',
      'inference_status inference_status.fps inference_status.last_error inference_status.last_error_time inference_status.last_output_time inference_status.last_params inference_status.last_params_hash inference_status.last_params_update_time inference_status.last_restart_logs inference_status.last_restart_time inference_status.restart_count input_status input_status.fps input_status.last_input_time last_state_update_time last_status_timestamp orchestrator_info orchestrator_info.address orchestrator_info.url pipeline pipeline_id request_id start_time state stream_id timestamp type',
    ],
    [
      'create_new_payment',
      undefined,
      'capability clientIP faceValue manifestID numTickets orchestrator price recipient requestID sender sessionID winProb',
    ],
    [
      'create_signed_ticket',
      undefined,
      'app auth_id billable_secs computed_fee current_time current_time_unix manifest_id num_tickets orch_address orch_url pipeline pixels pm_session_id request_id sequence_number session_balance session_id session_status',
    ],
  ])('have the fields of a real %s %s', (type, subtype, fields) => {
    const seen = new Set(
      events
        .filter(event => event.type === type && event.data.type === subtype)
        .flatMap(({ data }) => names(data))
        .filter(name => !/last_params\./.test(name)),
    );
    expect([...seen].sort().join(' ')).toBe(fields);
  });

  it('name only made-up hosts', () => {
    const hosts = messages.flatMap(
      ({ raw }) => raw.match(/https?:[^"]*/g) ?? [],
    );
    expect(hosts.length).toBeGreaterThan(1000);
    expect(
      hosts.filter(
        host => !/^https:\/\/orch-[0-9a-f]{6}\.example:\d+$/.test(host),
      ),
    ).toEqual([]);
  });
});

describe('a session', () => {
  const closedAt = (all: Event[]) =>
    Number(traces(all, 'gateway_ingest_stream_closed')[0].timestamp);
  const swapAtEnd = (all: Event[]) =>
    traces(all, 'orchestrator_swap').filter(
      ({ timestamp }) => closedAt(all) - Number(timestamp) <= 1000,
    );
  const swapped = requests.filter(
    all => traces(all, 'orchestrator_swap').length > swapAtEnd(all).length,
  );
  const byWorker = requests.filter(
    all =>
      workerStatuses(all).length > 0 ||
      traces(all, 'gateway_receive_first_data_segment').length > 0 ||
      (statuses(all).length === 0 &&
        traces(all, 'gateway_receive_few_processed_segments').length > 0),
  );
  const served = requests.filter(
    all =>
      traces(all, 'gateway_receive_few_processed_segments').length === 1 &&
      !swapped.includes(all) &&
      !byWorker.includes(all),
  );

  it('has its edges in order, when it is served', () => {
    expect(served.length / requests.length).toBeGreaterThan(0.9);
    const disordered = served.filter(all => {
      const times = [
        'gateway_receive_stream_request',
        'gateway_send_first_ingest_segment',
        'gateway_receive_first_processed_segment',
        'gateway_receive_few_processed_segments',
        'gateway_ingest_stream_closed',
      ].map(type => traces(all, type)[0].data.timestamp!);
      return times.some((time, index) => time < (times[index - 1] ?? 0));
    });
    expect(disordered).toEqual([]);
    const withoutRunner = served.filter(
      all =>
        traces(all, 'runner_receive_first_ingest_segment').length !== 1 ||
        traces(all, 'runner_send_first_processed_segment').length !== 1,
    );
    expect(withoutRunner).toEqual([]);
  });

  it('has a status every 10 s of which the first of an RTMP stream has fps 0', () => {
    const rtmp = served.filter(all =>
      all[0].data.stream_id!.startsWith('aiJobTesterStream-'),
    );
    expect(rtmp.length).toBeGreaterThan(100);
    const firsts = new Set<number>();
    const gaps = new Set<number>();
    for (const all of rtmp) {
      const [first, ...others] = statuses(all).map(({ data }) => data);
      firsts.add(first.inference_status!.fps);
      let previous = first.timestamp!;
      for (const { timestamp } of others) {
        gaps.add(timestamp! - previous);
        previous = timestamp!;
      }
    }
    expect([...firsts]).toEqual([0]);
    expect(Math.min(...gaps)).toBeGreaterThan(9990);
    expect(Math.max(...gaps)).toBeLessThan(10_010);
  });

  it('ends with an error event that has neither timestamp nor orchestrator', () => {
    const ends = served.map(all =>
      errors(all).filter(({ data }) =>
        /^(mediamtx ingest disconnected|whip disconnected|stream terminated: credit_exhaustion)$/.test(
          data.message!,
        ),
      ),
    );
    expect(new Set(ends.map(({ length }) => length))).toEqual(new Set([1]));
    const named = ends
      .flat()
      .filter(({ data }) => 'timestamp' in data || 'orchestrator_info' in data);
    expect(named).toEqual([]);
  });

  it('has ingest metrics every 5 s by WHIP and none by RTMP', () => {
    const counts = { whip: 0, rtmp: 0 };
    const gaps = new Set<number>();
    for (const all of served) {
      const metrics = all.filter(
        ({ type }) => type === 'stream_ingest_metrics',
      );
      const whip = all[0].data.stream_id!.startsWith('stream-');
      counts[whip ? 'whip' : 'rtmp'] += metrics.length;
      for (const [index, { timestamp }] of metrics.slice(1).entries()) {
        gaps.add(Number(timestamp) - Number(metrics[index].timestamp));
      }
    }
    expect(Math.min(...gaps)).toBeGreaterThan(4990);
    expect(Math.max(...gaps)).toBeLessThan(5010);
    expect(counts.whip).toBeGreaterThan(100);
    expect(counts.rtmp).toBe(0);
  });

  it('pays in texts with units, and only its first payment names the request', () => {
    const payments = events.filter(({ type }) => type === 'create_new_payment');
    const first = payments.filter(({ data }) => data.requestID !== '');
    const odd = payments.filter(({ data }) => {
      const manifest =
        data.requestID === '' ? /^[0-9a-f]{8}$/ : /^35_streamdiffusion-/;
      return (
        !/^(\d+ WEI|0\.0\d ETH)$/.test(String(data.faceValue)) ||
        !/^\d+\.\d{3} wei\/pixel$/.test(String(data.price)) ||
        !manifest.test(String(data.manifestID))
      );
    });
    expect(odd).toEqual([]);
    expect(first.length).toBeGreaterThan(0.87 * requests.length);
    expect(payments.length).toBeGreaterThan(3 * first.length);
  });

  it('carries what the container remembers of the stream before', () => {
    const first = served.map(all => statuses(all)[0].data);
    const leaked = (of: (data: Data) => number | null | undefined) =>
      first.filter(data => (of(data) ?? Infinity) < data.start_time!).length;

    expect(
      leaked(data => data.inference_status!.last_output_time),
    ).toBeGreaterThan(100);
    expect(
      leaked(data => data.inference_status!.last_restart_time),
    ).toBeGreaterThan(100);
    expect(
      leaked(data => data.inference_status!.last_error_time),
    ).toBeGreaterThan(100);
  });

  it('shows a loading overlay now and then: first segments while the model loads', () => {
    const overlay = served.filter(all => {
      const [first] = traces(all, 'gateway_receive_first_processed_segment');
      const after = statuses(all).find(
        ({ timestamp }) => Number(timestamp) >= Number(first.timestamp),
      );
      return after?.data.state === 'LOADING';
    });
    expect(overlay.length / served.length).toBeGreaterThan(0.01);
    expect(overlay.length / served.length).toBeLessThan(0.12);
    const loading = overlay
      .flatMap(all => statuses(all))
      .filter(({ data }) => data.state === 'LOADING');
    const fps = loading.map(({ data }) => data.inference_status!.fps);
    expect(new Set(fps)).toEqual(new Set([0]));
  });

  it('is swapped now and then, naming the orchestrator that is left', () => {
    let moved = 0;
    for (const all of swapped) {
      const [swap] = traces(all, 'orchestrator_swap');
      expect(swap.data).not.toHaveProperty('timestamp');
      const before = traces(all, 'gateway_receive_first_processed_segment')[0];
      expect(swap.data.orchestrator_info).toEqual(
        before.data.orchestrator_info,
      );
      const after = statuses(all).at(-1)!.data.orchestrator_info;
      if (after?.url !== swap.data.orchestrator_info!.url) moved++;
    }
    expect(moved).toBeGreaterThan(0.5 * swapped.length);
    expect(swapped.length / requests.length).toBeLessThan(0.03);
  });

  it('can fail in each way that there is', () => {
    const failures = {
      unserved: requests.filter(
        all =>
          traces(all, 'gateway_no_orchestrators_available').length > 0 &&
          statuses(all).length === 0,
      ),
      'swap failed': swapped.filter(
        all => traces(all, 'gateway_no_orchestrators_available').length > 0,
      ),
      abandoned: requests.filter(
        all =>
          statuses(all).length === 0 &&
          errors(all).length === 1 &&
          !byWorker.includes(all),
      ),
      'startup failed': requests.filter(all =>
        statuses(all).some(({ data }) => data.state === 'ERROR'),
      ),
      'no output': requests.filter(
        all =>
          statuses(all).length >= 3 &&
          statuses(all).every(({ data }) => data.state === 'LOADING'),
      ),
      'output lost': served.filter(all => {
        const after = statuses(all).map(
          ({ data }) => data.inference_status!.fps > 0,
        );
        const last = after.lastIndexOf(true);
        return (
          last >= 0 &&
          after.length - last > 3 &&
          statuses(all).at(-1)!.data.state === 'LOADING'
        );
      }),
      error: served.filter(all =>
        errors(all).some(({ data }) => data.message!.startsWith('Pipeline')),
      ),
    };
    for (const [name, all] of Object.entries(failures)) {
      expect([name, all.length > 0]).toEqual([name, true]);
      expect([name, all.length < 0.05 * requests.length]).toEqual([name, true]);
    }
  });

  it('that loses its output has three silent statuses, the last over 30 s after the output, and no error', () => {
    const lost = requests.filter(all =>
      statuses(all).some(
        ({ data }, index, of) =>
          data.state === 'LOADING' &&
          (of[index - 1]?.data.inference_status?.fps ?? 0) > 0 &&
          of.slice(index).every(one => one.data.state === 'LOADING') &&
          of.length - index >= 3,
      ),
    );
    expect(lost.length).toBeGreaterThan(0);
    for (const all of lost) {
      const own = statuses(all);
      const last = own.findLastIndex(
        ({ data }) => data.inference_status!.fps > 0,
      );
      const silentFor =
        Number(own.at(-1)!.timestamp) - Number(own[last].timestamp);
      expect(silentFor).toBeGreaterThan(30_000);
      expect(own.at(-1)!.data.inference_status).toMatchObject({
        fps: 0,
        restart_count: own[last].data.inference_status!.restart_count + 1,
      });
      const { start_time: start, inference_status: status } = own.at(-1)!.data;
      expect(status!.last_restart_time).toBeGreaterThan(start!);
      expect(errors(all).map(({ data }) => data.message)).toEqual([
        expect.stringMatching(/disconnected$/),
      ]);
    }
  });

  it('goes on after most restarts, and never without output for three statuses then', () => {
    const restarted = served.filter(all => traces(all, 'restart').length > 0);
    expect(restarted.length).toBeGreaterThan(0);
    for (const all of restarted) {
      const [restart] = traces(all, 'restart');
      const after = statuses(all).filter(
        ({ data }) =>
          data.inference_status!.last_restart_time === restart.data.timestamp,
      );
      const silent = after.filter(
        ({ data }) =>
          data.state === 'LOADING' || data.inference_status!.fps === 0,
      );
      expect(silent.length).toBeLessThan(3);
    }
  });

  it("may be a worker's own: a first data segment and no video, or statuses that say nothing", () => {
    const withoutVideo = requests.filter(
      all =>
        traces(all, 'gateway_receive_first_data_segment').length === 1 &&
        traces(all, 'gateway_receive_first_processed_segment').length === 0,
    );
    const silent = requests.filter(all => workerStatuses(all).length > 0);
    for (const some of [withoutVideo, silent]) {
      expect(some.length).toBeGreaterThan(0);
      expect(some.length).toBeLessThan(0.02 * requests.length);
    }
    expect(silent.some(all => !withoutVideo.includes(all))).toBe(true);
    expect(silent.flatMap(statuses)).toEqual([]);
  });

  it('is now and then paid by a remote signer, whose tickets rarely name the stream', () => {
    const tickets = events.filter(
      ({ type }) => type === 'create_signed_ticket',
    );
    const payments = events.filter(({ type }) => type === 'create_new_payment');
    const share = tickets.length / (tickets.length + payments.length);
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.1);
    expect(new Set(tickets.map(({ gateway }) => gateway))).toEqual(
      new Set(['']),
    );
    const ids = new Set(requests.map(all => all[0].data.request_id));
    const named = tickets.filter(({ data }) => ids.has(data.request_id));
    expect(named.length).toBeGreaterThan(0);
    expect(named.length).toBeLessThan(0.4 * tickets.length);
    const readable = tickets.filter(({ data }) =>
      /^\d+$/.test(String(data.computed_fee)),
    );
    expect(readable.length).toBeLessThan(tickets.length);
    expect(readable.length).toBeGreaterThan(0.9 * tickets.length);
  });

  it('ends when the credit is used up, and with swap events that are none', () => {
    const credit = requests.filter(all =>
      errors(all).some(({ data }) =>
        data.message!.includes('credit_exhaustion'),
      ),
    );
    const none = served.filter(all => swapAtEnd(all).length > 0);
    for (const some of [credit, none]) {
      expect(some.length).toBeGreaterThan(0);
      expect(some.length).toBeLessThan(0.03 * requests.length);
    }
  });

  it('meets stalls, poor input and runners whose clocks are wrong', () => {
    const all = requests.flatMap(request => statuses(request));
    const states = new Set(all.map(({ data }) => data.state));
    const skews = all.map(({ data, timestamp }) =>
      Math.abs(data.timestamp! - Number(timestamp)),
    );
    const stalls = requests.filter(request => {
      const fps = statuses(request).map(
        ({ data }) => data.inference_status!.fps,
      );
      return (
        fps.indexOf(
          0,
          fps.findIndex(value => value > 0),
        ) > 0
      );
    });

    expect([...states].sort()).toEqual([
      'DEGRADED_INFERENCE',
      'DEGRADED_INPUT',
      'ERROR',
      'LOADING',
      'ONLINE',
    ]);
    expect(stalls.length).toBeGreaterThan(10);
    expect(skews.filter(skew => skew > 1000).length).toBeGreaterThan(10);
    expect(skews.filter(skew => skew > 300_000).length).toBeGreaterThan(10);
    expect(skews.filter(skew => skew < 300).length).toBeGreaterThan(
      0.7 * skews.length,
    );
  });
});

describe('capability reports', () => {
  it('come every 25 minutes from each gateway, one of them nameless', () => {
    const byGateway = new Map<string, number[]>();
    for (const { gateway, timestamp } of reports) {
      const times = byGateway.get(gateway) ?? [];
      byGateway.set(gateway, [...times, Number(timestamp)]);
    }
    expect([...byGateway.keys()].sort()).toEqual([
      '',
      'cloud-spe-ai-live-video-tester-fra',
      'cloud-spe-ai-live-video-tester-mdw',
      'cloud-spe-ai-live-video-tester-sea',
    ]);
    for (const times of byGateway.values()) {
      expect(times.length).toBeGreaterThanOrEqual(4);
      for (const [index, time] of times.slice(1).entries()) {
        expect(time - times[index]).toBe(25 * 60_000);
      }
    }
  });

  it('leave out what is zero or false, as protobuf does', () => {
    const values = entries.flatMap(({ capabilities, hardware }) => [
      ...Object.values(capabilities.constraints.PerCapability ?? {}).flatMap(
        ({ models }) => Object.values(models),
      ),
      ...(hardware ?? []).map(({ gpu_info: info }) => info['0']),
    ]);
    expect(values.some(value => !('warm' in value))).toBe(true);
    expect(values.some(value => !('capacity' in value))).toBe(true);
    expect(values.some(value => !('capacityInUse' in value))).toBe(true);
    expect(values.some(value => 'major' in value && !('minor' in value))).toBe(
      true,
    );
    const zeros = values.flatMap(value =>
      Object.values(value).filter(inner => inner === 0 || inner === false),
    );
    expect(zeros).toEqual([]);
    const prices = entries.flatMap(entry => entry.capabilities_prices ?? []);
    expect(prices.some(price => !('pricePerUnit' in price))).toBe(true);
  });

  it('tell of 60 orchestrators, a few with several URLs, most without hardware', () => {
    const urls = new Map(entries.map(entry => [entry.orch_uri, entry]));
    const all = [...urls.values()];
    const orchestrators = new Set(all.map(({ address }) => address));
    const withHardware = all.filter(({ hardware }) => hardware !== null);

    expect(orchestrators.size).toBe(60);
    expect(all.length).toBeGreaterThan(65);
    expect(withHardware.length).toBeGreaterThanOrEqual(15);
    expect(withHardware.length).toBeLessThan(all.length / 2);
    expect(
      all.some(
        ({ capabilities, hardware }) =>
          capabilities.constraints.PerCapability && hardware === null,
      ),
    ).toBe(true);
  });

  it('tell the identity behind a hot wallet, which a few share', () => {
    const live = entries.filter(
      ({ capabilities }) => capabilities.constraints.PerCapability,
    );
    const identities = new Map<string, Set<string>>();
    for (const { address, local_address: wallet } of live) {
      identities.set(
        wallet,
        (identities.get(wallet) ?? new Set()).add(address),
      );
    }
    expect(live.filter(entry => entry.address === entry.local_address)).toEqual(
      [],
    );
    const shared = [...identities.values()].filter(({ size }) => size > 1);
    expect(shared.length).toBeGreaterThan(0);
    expect(shared.length).toBeLessThan(identities.size / 3);

    const wallets = new Set([...identities.keys()].map(w => w.toLowerCase()));
    const strangers = requests
      .flatMap(all => statuses(all))
      .filter(({ data }) => !wallets.has(data.orchestrator_info!.address))
      .filter(({ data }) => !contested.has(data.orchestrator_info!.url));
    expect(strangers).toEqual([]);
  });

  it('give one URL to two addresses, of which the hot wallet mostly tells whose a request is', () => {
    expect(contested.size).toBe(1);
    const [url] = contested;
    const claims = entries.filter(entry => entry.orch_uri === url);
    expect(new Set(claims.map(({ address }) => address)).size).toBe(2);
    const wallets = new Set(
      claims.map(({ local_address: wallet }) => wallet.toLowerCase()),
    );
    expect(wallets.size).toBe(2);
    const seen = requests
      .flatMap(all => statuses(all))
      .filter(({ data }) => data.orchestrator_info!.url === url)
      .map(({ data }) => wallets.has(data.orchestrator_info!.address));
    expect(seen).toContain(true);
    expect(seen.filter(known => !known).length).toBeLessThan(seen.length / 2);
    const others = listed.filter(({ orch_uri: own }) => own !== url);
    expect(others.length).toBeGreaterThan(0.9 * listed.length);
  });

  it('name a node without an address now and then', () => {
    const blank = listed.filter(({ address }) => address === '');
    expect(blank.length).toBeGreaterThan(0);
    expect(blank.length).toBeLessThan(reports.length);
    expect(new Set(blank.map(({ orch_uri: url }) => url)).size).toBe(1);
  });

  it('explain the FPS: the faster the GPU the more, the heavier the model the fewer', () => {
    const gpuOf = new Map(
      entries
        .filter(({ hardware }) => hardware !== null)
        .map(({ orch_uri: url, hardware }) => [
          url,
          hardware!.map(({ gpu_info: info }) => info['0'].name),
        ]),
    );
    const samples = new Map<string, number[]>();
    for (const { data } of requests.flatMap(all => statuses(all))) {
      const gpus = new Set(gpuOf.get(data.orchestrator_info!.url));
      const { fps } = data.inference_status!;
      if (gpus.size !== 1 || fps === 0 || data.state !== 'ONLINE') continue;
      for (const key of [[...gpus][0] as string, data.pipeline!]) {
        samples.set(key, [...(samples.get(key) ?? []), fps]);
      }
    }
    const fpsOf = (key: string) => mean(samples.get(key)!);
    expect(fpsOf('NVIDIA GeForce RTX 5090')).toBeGreaterThan(
      fpsOf('NVIDIA GeForce RTX 4090'),
    );
    expect(fpsOf('NVIDIA GeForce RTX 4090')).toBeGreaterThan(
      fpsOf('NVIDIA GeForce RTX 3090'),
    );
    expect(fpsOf('streamdiffusion-sd15')).toBeGreaterThan(
      fpsOf('streamdiffusion-sdxl'),
    );
    expect(fpsOf('streamdiffusion-sdxl')).toBeGreaterThan(
      fpsOf('streamdiffusion-sdxl-v2v'),
    );
    for (const values of samples.values()) {
      expect(mean(values)).toBeGreaterThan(7);
      expect(mean(values)).toBeLessThan(32);
    }
  });
});
