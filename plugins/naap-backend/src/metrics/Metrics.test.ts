import type { Run } from '@naap/plugin-naap-common';
import express from 'express';
import request from 'supertest';
import { Metrics } from './Metrics';

const RUN: Run = {
  id: '00000000-0000-4000-8000-000000000001',
  step: 'build',
  state: 'succeeded',
  trigger: 'loop',
  startedBy: 'loop',
  arguments: {},
  retryOf: null,
  createdAt: '2026-01-08T22:00:00.000Z',
  startedAt: '2026-01-08T22:00:00.000Z',
  finishedAt: '2026-01-08T22:00:07.000Z',
  durationMs: 7000,
  rows: 1,
  changed: true,
  details: {},
  error: null,
};
const BROUGHT = {
  read: 6,
  accepted: 3,
  duplicate: 1,
  ignored: 1,
  rejected: 1,
  reasons: { unsupported_type: 1, not_json: 1 },
};

function setUp(of: Partial<ConstructorParameters<typeof Metrics>[0]> = {}) {
  const metrics = new Metrics({
    served: async () => ({ watermark: null, build: null, syncedAt: null }),
    messages: async () => null,
    runsQueued: async () => 0,
    ...of,
  });
  const app = express();
  app.use('/metrics', metrics.page);
  app.use('/v1', metrics.requests, (_req, res) => res.send('ok'));
  const api = request(app);
  return {
    metrics,
    api,
    /** Values by name and labels. */
    page: async () => {
      const { text } = await api.get('/metrics').expect(200);
      const samples = text
        .split('\n')
        .filter(line => line && !line.startsWith('#'))
        .map(line => line.split(/ (?=\S+$)/) as [string, string]);
      return Object.fromEntries(samples);
    },
  };
}

describe('Metrics', () => {
  it('shows what a layer counts, as it is when somebody looks', async () => {
    const { metrics, page } = setUp();
    const counts = { reachable: 2 };
    metrics.count({
      name: 'naap_scrape_targets_total',
      help: 'Targets of rounds',
      labelNames: ['state'],
      read: () =>
        Object.entries(counts).map(([state, value]) => ({
          labels: { state },
          value,
        })),
    });
    const name = 'naap_scrape_targets_total{state="reachable"}';
    expect((await page())[name]).toBe('2');
    counts.reachable = 5;
    expect((await page())[name]).toBe('5');
  });

  it('counts messages by class, and by reason those that were not taken', async () => {
    const served = { ...BROUGHT };
    const { page } = setUp({ messages: async () => served });
    expect(await page()).toMatchObject({
      'naap_served_messages{class="accepted"}': '3',
      'naap_served_messages{class="duplicate"}': '1',
      'naap_served_messages{class="ignored"}': '1',
      'naap_served_messages{class="rejected"}': '1',
      'naap_served_quarantined_messages{reason="not_json"}': '1',
      'naap_served_quarantined_messages{reason="unsupported_type"}': '1',
    });
    // Judged anew.
    Object.assign(served, { accepted: 4, rejected: 0, reasons: {} });
    const after = await page();
    expect(after['naap_served_messages{class="accepted"}']).toBe('4');
    expect(Object.keys(after).join()).not.toContain('quarantined_messages');
  });

  it('measures runs that ended, by step and state', async () => {
    const { metrics, page } = setUp();
    metrics.run({ ...RUN, state: 'running', durationMs: null });
    metrics.run(RUN);
    metrics.run({ ...RUN, step: 'commit', durationMs: 200 });
    expect(await page()).toMatchObject({
      'naap_run_duration_seconds_sum{step="build",state="succeeded"}': '7',
      'naap_run_duration_seconds_count{step="build",state="succeeded"}': '1',
      'naap_run_duration_seconds_sum{step="commit",state="succeeded"}': '0.2',
    });
  });

  it('counts runs that failed or were lost from 0 on, so that the first one is a rise', async () => {
    const { metrics, page } = setUp();
    const failed = 'naap_run_failures_total{step="build",state="failed"}';
    const lost = 'naap_run_failures_total{step="build",state="lost"}';
    expect(await page()).toMatchObject({ [failed]: '0', [lost]: '0' });
    metrics.run({ ...RUN, state: 'failed' });
    metrics.run({ ...RUN, state: 'lost', durationMs: null });
    metrics.run({ ...RUN, state: 'cancelled' });
    expect(await page()).toMatchObject({ [failed]: '1', [lost]: '1' });
  });

  it('looks at freshness and queue when it is asked', async () => {
    const { page } = setUp({
      served: async () => ({
        watermark: new Date(Date.now() - 90_000).toISOString(),
        build: {
          id: 'b1',
          at: '2026-01-08T22:00:03.000Z',
          tests: { passed: 1, failed: 0, warned: 0 },
          arrivedSince: '2026-01-08T22:00:00.500Z',
        },
        syncedAt: '2026-01-08T22:00:05.000Z',
      }),
      runsQueued: async () => 2,
    });
    const values = await page();
    expect(Number(values.naap_freshness_seconds)).toBeCloseTo(90, 0);
    expect(values.naap_event_to_served_p95_seconds).toBe('4.5');
    expect(values.naap_runs_queued).toBe('2');
  });

  it('says NaN, not 0, before there is anything, and when a source fails; the rest stays', async () => {
    const { page } = setUp({
      runsQueued: () => Promise.reject(new Error('the database is gone')),
      messages: () => Promise.reject(new Error('nothing is served')),
    });
    const values = await page();
    expect(Object.keys(values).join()).not.toContain('naap_served_messages');
    expect(values).toMatchObject({
      naap_freshness_seconds: expect.stringMatching(/^nan$/i),
      naap_event_to_served_p95_seconds: expect.stringMatching(/^nan$/i),
      naap_runs_queued: expect.stringMatching(/^nan$/i),
    });
  });

  it("makes no label of a stranger's path", async () => {
    const { api, page } = setUp();
    await api.get('/v1/0xaaaaaaaa');
    await api.get('/v1/0xbbbbbbbb');
    const counts = Object.entries(await page()).filter(([name]) =>
      name.startsWith('naap_api_request_duration_seconds_count'),
    );
    expect(counts).toEqual([
      [
        'naap_api_request_duration_seconds_count{method="GET",route="other",status="200"}',
        '2',
      ],
    ]);
  });
});
