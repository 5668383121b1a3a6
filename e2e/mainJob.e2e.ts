/**
 * The main job by the real command, from an empty home: raw messages in, KPIs out.
 *
 *     node --test e2e/mainJob.e2e.ts
 */
import assert from 'node:assert/strict';
import { lstat, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Home } from './command.ts';

interface Counts {
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  reasons: Record<string, number>;
}

const STREAM = { stream_id: 'stream-1', request_id: '0a1b2c3d' };
const ORCHESTRATOR = {
  orchestrator_info: {
    address: '0x1111111111111111111111111111111111111111',
    url: 'https://orch.example:8935',
  },
};
const BEGAN = Date.UTC(2026, 0, 15, 10, 0, 0);

let id = 0;
function message(type: string, at: number, data: object): string {
  id += 1;
  return JSON.stringify({
    id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    type,
    timestamp: String(BEGAN + at),
    gateway: 'tester-fra',
    data,
  });
}
const trace = (type: string, at: number, more: object = {}) =>
  message('stream_trace', at, {
    type,
    timestamp: BEGAN + at,
    ...STREAM,
    ...more,
  });
const status = (at: number, fps: number) =>
  message('ai_stream_status', at, {
    type: 'status',
    timestamp: BEGAN + at,
    pipeline: 'some-model',
    state: 'ONLINE',
    start_time: BEGAN,
    inference_status: { fps, last_output_time: BEGAN + at },
    ...STREAM,
    ...ORCHESTRATOR,
  });

/** One good request: frames after 2 s, startup after 3 s, 20 and 30 fps, ended by its user. */
const REQUEST = [
  trace('gateway_receive_stream_request', 0),
  trace('gateway_send_first_ingest_segment', 1500, ORCHESTRATOR),
  trace('gateway_receive_first_processed_segment', 2000, ORCHESTRATOR),
  trace('gateway_receive_few_processed_segments', 3000, ORCHESTRATOR),
  status(10_000, 0),
  status(20_000, 20),
  status(30_000, 30),
  status(40_000, 25),
  message('ai_stream_events', 45_000, {
    type: 'error',
    message: 'mediamtx ingest disconnected',
    ...STREAM,
  }),
  trace('gateway_ingest_stream_closed', 45_100),
];
const DIRT = [
  '{"half": ',
  '[]',
  '{"type":"webrtc_stats","timestamp":"1768471200000","data":{}}',
];

describe('the main job', () => {
  let home: Home;
  before(async () => {
    home = await Home.create();
  });
  after(() => home.remove());

  test('before anything came in, every command says so and none fails', async () => {
    assert.deepEqual(await home.json(['requests', '--format', 'json']), []);
    const [row] = await home.json<
      Array<{ requests: number; failure_rate: null }>
    >(['kpis', '--format', 'json']);
    assert.equal(row.requests, 0);
    assert.equal(row.failure_rate, null);
  });

  test('every message ends in one class, and the classes add up', async () => {
    const counts = await home.json<Counts>(
      ['ingest', '-'],
      [...REQUEST, ...DIRT].join('\n'),
    );
    assert.deepEqual(counts, {
      read: 13,
      accepted: 10,
      ignored: 1,
      rejected: 2,
      duplicate: 0,
      reasons: { not_json: 1, not_an_object: 1, unsupported_type: 1 },
    });
  });

  test('the request and the KPIs come out right', async () => {
    const build = await home.json<{ full: boolean; failures: string[] }>([
      'build',
    ]);
    assert.equal(build.full, true);
    assert.deepEqual(build.failures, []);
    await home.json(['sync']);

    const [request] = await home.json<Array<Record<string, unknown>>>([
      'requests',
      '--format',
      'json',
    ]);
    assert.equal(request.outcome, 'ok');
    assert.equal(request.ptff_ms, 2000);
    assert.equal(request.e2e_ms, 500);
    assert.equal(request.startup_ms, 3000);
    assert.equal(request.fps_mean, 25);
    assert.equal(request.region, 'FRA');

    const [row] = await home.json<Array<Record<string, unknown>>>([
      'kpis',
      '--by',
      'orchestrator,model',
      '--format',
      'json',
    ]);
    assert.equal(row.orchestrator, ORCHESTRATOR.orchestrator_info.address);
    assert.equal(row.model, 'some-model');
    assert.equal(row.requests, 1);
    // The normal end of a stream is no failure.
    assert.equal(row.failure_rate, 0);
    assert.equal(row.fps_samples, 3);
  });

  test('the same again, as a gzipped JSON array of an export, is only duplicates and changes nothing', async () => {
    const before_ = await home.json(['kpis', '--format', 'json']);
    const exported = gzipSync(
      `[${REQUEST.map(raw => `{"value":${raw}}`).join(',\n')}]`,
    );
    const counts = await home.json<Counts>(['ingest', '-'], exported);
    assert.equal(counts.duplicate, 10);
    assert.equal(counts.accepted, 0);
    await home.json(['build']);
    await home.json(['sync']);
    assert.deepEqual(await home.json(['kpis', '--format', 'json']), before_);
  });

  test('a late error is built in without a full build', async () => {
    await home.json(
      ['ingest', '-'],
      message('ai_stream_events', 44_000, {
        type: 'error',
        message: 'GPU lost',
        ...STREAM,
      }),
    );
    const build = await home.json<{ full: boolean; skipped: string | null }>([
      'build',
    ]);
    assert.equal(build.full, false);
    assert.equal(build.skipped, null);
    await home.json(['sync']);
    const [request] = await home.json<Array<Record<string, unknown>>>([
      'requests',
      '--format',
      'json',
    ]);
    assert.equal(request.outcome, 'failed');
    assert.equal(request.reason, 'error');
  });

  test('a dry scrape prints one event a target, of targets that it has never seen', async () => {
    const targets = join(home.path, 'targets.txt');
    await writeFile(
      targets,
      'https://orch.example:8935\nhttp://169.254.169.254\nhttp://0x7f.1\n',
      { mode: 0o600 },
    );
    const ran = await home.run(['scrape', '--targets', targets, '--dry-run']);
    assert.equal(ran.code, 0, ran.stderr);
    const events = ran.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.deepEqual(
      events.map(({ type, data }) => [type, data.error_class]),
      [
        ['orchestrator_scrape', 'dns'],
        ['orchestrator_scrape', 'refused_address'],
        ['orchestrator_scrape', 'refused_address'],
      ],
    );
  });

  test('what all of this made is for nobody else', async () => {
    const others = [];
    for (const name of [
      '.',
      ...(await readdir(home.path, { recursive: true })),
    ]) {
      const info = await lstat(join(home.path, name));
      if (!info.isSymbolicLink() && (info.mode & 0o077) !== 0)
        others.push(name);
    }
    assert.deepEqual(others, []);
  });

  test('people get a row a KPI, the newest requests, and no colour codes in a pipe', async () => {
    const kpis = await home.run(['kpis']);
    assert.equal(kpis.code, 0, kpis.stderr);
    const rows = kpis.stdout.split('\n');
    assert.match(rows[0], /^KPI +value +n +95 % interval .*target +verdict$/);
    assert.match(kpis.stdout, /^E2E stream latency +500 ms +1 .*too few/m);
    assert.match(kpis.stdout, /^window {2}\d+ Jan .* UTC, /m);
    assert.match(kpis.stdout, /^as of {3}/m);
    const groups = await home.run(['kpis', '--by', 'orchestrator']);
    assert.match(groups.stdout, /^0x\S+ +1 .*500 ms …/m);
    const wide = await home.run(['kpis', '--wide']);
    assert.match(wide.stdout, /^requests +failed +unserved/);
    const requests = await home.run(['requests']);
    assert.match(requests.stdout, /^requested +request +orchestrator/);
    assert.match(requests.stdout, /\n1 of 1 requests, newest first\n$/);
    for (const { stdout, stderr } of [kpis, groups, wide, requests]) {
      assert.doesNotMatch(stdout + stderr, /\u001b/);
    }
  });

  test('help of the doctor looks at nothing', async () => {
    const { code, stdout } = await home.run(['doctor', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: naap doctor/);
    assert.doesNotMatch(stdout, /^node /m);
  });

  test('wrong usage is named and ends with 2', async () => {
    for (const [args, text] of [
      [['ingest', '/no/such/file'], 'no file /no/such/file'],
      [['kpis', '--by', 'planet'], 'knows no "planet"'],
      [['kpis', '--from', 'yesterday'], 'is no time'],
      [['kpis', '--format', 'xml'], 'no format "xml"'],
      [['fly'], "unknown command 'fly'"],
    ] as const) {
      const ran = await home.run([...args]);
      assert.equal(ran.code, 2, `${args.join(' ')}: ${ran.stderr}`);
      assert.match(ran.stderr, new RegExp(text.replace(/[/"]/g, '.')));
      assert.equal(ran.stdout, '');
    }
  });
});
