import { mockServices } from '@backstage/backend-test-utils';
import type { Run } from '@naap/plugin-naap-common';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLineageEvent, openLineageSender } from './openLineage';

const run: Run = {
  id: '2f0a8c1e-7a54-4a8e-9d0c-6a1f0e6f3b11',
  step: 'build',
  state: 'running',
  trigger: 'loop',
  startedBy: 'loop',
  arguments: {},
  retryOf: null,
  createdAt: '2026-01-08T21:00:00.000Z',
  startedAt: '2026-01-08T21:00:01.000Z',
  finishedAt: null,
  durationMs: null,
  rows: null,
  changed: null,
  details: null,
  error: null,
};
const failed: Run = {
  ...run,
  state: 'failed',
  finishedAt: '2026-01-08T21:00:09.000Z',
  error: 'Error: 2 tests failed',
};

/** Bronze → staging → gold → served: the build writes the two in the middle. */
const lineage = {
  nodes: [
    { id: 'bronze.events', step: 'commit' as const },
    { id: 'model.staging', step: 'build' as const },
    { id: 'model.gold', step: 'build' as const },
    { id: 'seed.targets', step: null },
    { id: 'clickhouse.gold', step: 'sync' as const },
  ],
  edges: [
    { from: 'bronze.events', to: 'model.staging' },
    { from: 'model.staging', to: 'model.gold' },
    { from: 'seed.targets', to: 'model.gold' },
    { from: 'model.gold', to: 'clickhouse.gold' },
  ],
};
const named = (...names: string[]) =>
  names.map(name => ({ namespace: 'naap', name }));

describe('openLineageEvent', () => {
  it('tells of a start with what the step writes, and what that is made from', () => {
    expect(openLineageEvent(run, lineage)).toMatchObject({
      eventType: 'START',
      eventTime: '2026-01-08T21:00:01.000Z',
      run: { runId: run.id, facets: {} },
      job: { namespace: 'naap', name: 'build' },
      inputs: named('bronze.events', 'seed.targets'),
      outputs: named('model.gold', 'model.staging'),
    });
  });

  it('tells of every end, with the error of a failure', () => {
    const types = (['succeeded', 'failed', 'cancelled', 'lost'] as const).map(
      state => openLineageEvent({ ...failed, state }, lineage).eventType,
    );
    expect(types).toEqual(['COMPLETE', 'FAIL', 'ABORT', 'ABORT']);
    expect(openLineageEvent(failed, lineage)).toMatchObject({
      eventTime: '2026-01-08T21:00:09.000Z',
      run: { facets: { errorMessage: { message: 'Error: 2 tests failed' } } },
    });
  });
});

describe('openLineageSender', () => {
  it('sends one event after the other, and goes on when the collector fails', async () => {
    const received: string[] = [];
    const all = Promise.withResolvers<void>();
    const collector = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      received.push(JSON.parse(body).eventType);
      res.statusCode = received.length === 1 ? 503 : 201;
      res.end();
      if (received.length === 3) all.resolve();
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    const logger = mockServices.logger.mock();
    let reads = 0;
    const send = openLineageSender({
      url: `http://127.0.0.1:${port}/api/v1/lineage`,
      lineage: async () => {
        if (++reads === 2) throw new Error('no lineage');
        return lineage;
      },
      logger,
    });
    for (const state of ['running', 'lost', 'failed', 'succeeded'] as const) {
      send({ ...failed, state });
    }
    await all.promise;
    collector.close();
    expect(received).toEqual(['START', 'FAIL', 'COMPLETE']);
    expect(logger.warn.mock.calls.map(([message]) => message)).toEqual([
      expect.stringContaining('answered 503'),
      expect.stringContaining('no lineage'),
    ]);
  });
});
