import { mockCredentials } from '@backstage/backend-test-utils';
import type { Run, RunLogLine } from '@naap/plugin-naap-common';
import { NaapClient } from '@naap/plugin-naap-common';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startPortal, until, V1 } from '../__testUtils__/portal';
import { gate } from '../__testUtils__/steps';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

/** The portal, and its typed client over a real connection. */
async function start(options: Parameters<typeof startPortal>[0] = {}) {
  const portal = await startPortal(options);
  const { port } = portal.backend.server.address() as AddressInfo;
  const client = new NaapClient({
    baseUrl: `http://localhost:${port}${V1}`,
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        headers: {
          ...init?.headers,
          authorization: mockCredentials.user.header(),
        },
      }),
  });
  const ended = (id: string) =>
    until(async () => {
      const run = await client.run(id);
      return run.finishedAt && run;
    });
  return { ...portal, client, ended, port };
}

describe('POST /runs', () => {
  it('answers the run at once, which keeps who started it and what became of it', async () => {
    const { api, client, ended, records, steps } = await start();
    const door = gate();
    steps.on = async () => {
      await door.pass();
      return { changed: true, details: { id: 'b1' }, rows: 3 };
    };
    const { body } = await api
      .post(`${V1}/runs`)
      .send({ step: 'build', arguments: { full: true, model: 'kpi_hourly' } })
      .expect(202);
    expect(body).toMatchObject({
      step: 'build',
      trigger: 'manual',
      startedBy: 'user:default/mock',
      arguments: { full: true, model: 'kpi_hourly' },
    });
    await door.somebodyWaits;
    const { rows } = await client.steps();
    expect(rows.find(({ id }) => id === 'build')).toMatchObject({
      running: { id: body.id },
    });
    door.open();
    expect(await ended(body.id)).toMatchObject({
      state: 'succeeded',
      rows: 3,
      details: { id: 'b1' },
    });
    expect(records).toEqual([
      {
        eventId: 'run-start',
        meta: { step: 'build', arguments: body.arguments },
        outcome: 'success',
      },
    ]);
  });

  it.each([
    [{}, 'step'],
    [{ step: 'explode' }, 'step'],
    [{ step: 'build', arguments: { days: ['2026-01-08'] } }, 'days'],
    [{ step: 'build', arguments: { shell: 'rm' } }, 'shell'],
    [{ step: 'build', why: 'so' }, 'additional properties'],
    [{ step: 'sync', arguments: { days: [] } }, 'days'],
  ])('answers 400 to %j and says %s', async (body, name) => {
    const { api, steps } = await start();
    const answer = await api.post(`${V1}/runs`).send(body).expect(400);
    expect(answer.body.error.message).toContain(name);
    expect(steps.ran).toEqual([]);
  });
});

describe('GET /runs', () => {
  it('lists, newest first, by step, state and trigger, and gives one run and its log', async () => {
    const { api, client, ended, steps } = await start();
    steps.on = async (id, { logger }) => {
      logger.info(`<script>alert('${id}')</script>`);
      if (id === 'sync') throw new Error('no');
      return { changed: false, details: {} };
    };
    const asked: Run[] = [];
    for (const step of ['build', 'sync'] as const) {
      asked.push(await client.startRun({ step }));
      await ended(asked.at(-1)!.id);
    }
    const ids = async (query: Parameters<typeof client.runs>[0]) =>
      (await client.runs(query)).rows.map(({ step }) => step);
    expect(await ids({})).toEqual(['sync', 'build']);
    expect(await ids({ state: ['failed', 'lost'] })).toEqual(['sync']);
    expect(await ids({ step: 'build', trigger: ['manual'] })).toEqual([
      'build',
    ]);
    expect(await client.runs({ limit: 1, offset: 1 })).toMatchObject({
      total: 2,
      rows: [{ step: 'build' }],
    });
    const log = await client.runLog(asked[0].id);
    expect(log.done).toBe(true);
    expect(log.rows[0]).toMatchObject({
      seq: 1,
      level: 'info',
      message: "<script>alert('build')</script>",
    });
    await api.get(`${V1}/runs/${UNKNOWN}`).expect(404);
    await api.get(`${V1}/runs/${UNKNOWN}/log`).expect(404);
    await api.get(`${V1}/runs/not-a-uuid`).expect(400);
    await api.get(`${V1}/runs?state=great`).expect(400);
  });

  it('needs the permission naap.pipeline.read', async () => {
    const { api } = await start({
      allow: name => name !== 'naap.pipeline.read',
    });
    for (const path of [
      '',
      `/${UNKNOWN}`,
      `/${UNKNOWN}/log`,
      `/${UNKNOWN}/stream`,
    ]) {
      const { body } = await api.get(`${V1}/runs${path}`).expect(403);
      expect(body.error.message).toContain('naap.pipeline.read');
      await api
        .get(`${V1}/runs${path}`)
        .set('authorization', mockCredentials.none.header())
        .expect(401);
    }
  });
});

describe('GET /runs/{id}/stream', () => {
  it('sends the log and the states as they come, and ends with the run', async () => {
    const { client, steps } = await start();
    const door = gate();
    steps.on = async (_id, { logger }) => {
      logger.info('first\n\nevent: run\ndata: {}');
      await door.pass();
      logger.warn('second');
      return { changed: true, details: {} };
    };
    const { id } = await client.startRun({ step: 'build' });
    const lines: RunLogLine[] = [];
    const states: string[] = [];
    await client.followRun(id, {
      onLine: line => {
        lines.push(line);
        door.open();
      },
      onRun: run => states.push(run.state),
    });
    // The first line came while the step was still waiting for it.
    expect(lines.slice(0, 2).map(({ message }) => message)).toEqual([
      'first\n\nevent: run\ndata: {}',
      'second',
    ]);
    expect(states.at(-1)).toBe('succeeded');
    const rest: RunLogLine[] = [];
    await client.followRun(
      id,
      { onLine: line => rest.push(line), onRun: () => {} },
      { after: 1 },
    );
    expect(rest).toEqual(lines.slice(1));
  });

  it('goes on after the last event that an EventSource has seen', async () => {
    const { api, client, ended, steps } = await start();
    steps.on = async (_id, { logger }) => {
      logger.info('first');
      logger.info('second');
      return { changed: true, details: {} };
    };
    const { id } = await client.startRun({ step: 'build' });
    await ended(id);
    const { text, headers } = await api
      .get(`${V1}/runs/${id}/stream`)
      .set('last-event-id', '1')
      .expect(200);
    expect(headers['content-type']).toContain('text/event-stream');
    expect(headers['cache-control']).toContain('no-transform');
    expect(text).not.toContain('first');
    expect(text).toMatch(/^event: log\nid: 2\ndata: \{.*"second".*\}\n\n/);
    expect(text).toMatch(/event: run\ndata: \{.*"succeeded".*\}\n\n$/);
  });

  it('answers 404 to an unknown run, and lets go a reader that is gone', async () => {
    const { api, backend, client, steps } = await start();
    await api.get(`${V1}/runs/${UNKNOWN}/stream`).expect(404);
    const door = gate();
    steps.on = async () => {
      await door.pass();
      return { changed: true, details: {} };
    };
    const { id } = await client.startRun({ step: 'build' });
    await door.somebodyWaits;
    const gone = new AbortController();
    const following = client.followRun(
      id,
      { onLine: () => {}, onRun: () => gone.abort() },
      { signal: gone.signal },
    );
    await expect(following).rejects.toThrow('abort');
    door.open();
    await backend.stop();
  });

  it('ends when the portal stops', async () => {
    const { backend, client, steps } = await start();
    steps.on = async (_id, { signal }) => {
      await once(signal, 'abort');
      throw new Error('killed');
    };
    const { id } = await client.startRun({ step: 'build' });
    const states: string[] = [];
    const following = client.followRun(id, {
      onLine: () => {},
      onRun: run => states.push(run.state),
    });
    await until(() => states.includes('running'));
    await backend.stop();
    await following.catch(() => {});
    expect(states).not.toContain('succeeded');
  });
});

describe('POST /runs/{id}/cancel and /retry', () => {
  it('end a run and ask for it once more', async () => {
    const { api, client, ended, records, steps } = await start();
    steps.on = async (_id, { signal }) => {
      await once(signal, 'abort');
      throw new Error('killed');
    };
    const run = await client.startRun({
      step: 'build',
      arguments: { full: true },
    });
    await until(() => steps.ran.length === 1);
    await api.post(`${V1}/runs/${run.id}/retry`).expect(409);
    await client.cancelRun(run.id);
    expect(await ended(run.id)).toMatchObject({
      state: 'cancelled',
      error: 'Cancelled by user:default/mock',
    });
    const again = await api.post(`${V1}/runs/${run.id}/cancel`).expect(409);
    expect(again.body.error.message).toContain('has ended');
    steps.on = async () => ({ changed: true, details: {} });
    const retry = await client.retryRun(run.id);
    expect(await ended(retry.id)).toMatchObject({
      state: 'succeeded',
      trigger: 'retry',
      retryOf: run.id,
      arguments: { full: true },
    });
    await api.post(`${V1}/runs/${UNKNOWN}/cancel`).expect(404);
    expect(records.map(({ eventId, outcome }) => [eventId, outcome])).toEqual([
      ['run-start', 'success'],
      ['run-retry', expect.stringContaining('ConflictError')],
      ['run-cancel', 'success'],
      ['run-cancel', expect.stringContaining('ConflictError')],
      ['run-retry', 'success'],
      ['run-cancel', expect.stringContaining('NotFoundError')],
    ]);
  });
});
