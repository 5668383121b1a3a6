import { mockCredentials } from '@backstage/backend-test-utils';
import { CONNECTOR_ACTIONS, STEP_IDS } from '@naap/plugin-naap-common';
import { startPortal, V1 } from '../__testUtils__/portal';
import { spec } from '../schema';

const MUTATIONS = ['post', 'put', 'patch', 'delete'];

/** A path for every step and every action. */
function pathsOf(path: string): string[] {
  const values = { '{step}': STEP_IDS, '{action}': CONNECTOR_ACTIONS };
  for (const [name, all] of Object.entries(values)) {
    if (path.includes(name)) return all.map(one => path.replace(name, one));
  }
  return [path];
}

/** Every route of the document that changes something, for every step and action; `/events` has tokens of its own. */
const MUTATING_ROUTES = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.keys(methods)
    .filter(method => MUTATIONS.includes(method) && path !== '/events')
    .flatMap(method => pathsOf(path).map(one => [method, one])),
);

describe('GET /steps', () => {
  it('tells of every step how it stands and whether the caller may run it', async () => {
    const { api } = await startPortal({
      allow: name =>
        ['naap.pipeline.read', 'naap.pipeline.build'].includes(name),
    });
    const { body } = await api.get(`${V1}/steps`).expect(200);
    expect(body.rows.map((row: { id: string }) => row.id)).toEqual(STEP_IDS);
    expect(body.rows[STEP_IDS.indexOf('build')]).toEqual({
      id: 'build',
      title: 'build',
      description: 'build',
      component: null,
      parameters: [
        { name: 'full', type: 'flag', title: 'full', description: 'full' },
        { name: 'model', type: 'model', title: 'model', description: 'model' },
      ],
      permission: 'naap.pipeline.build',
      mayRun: true,
      running: null,
      queued: 0,
      lastRun: null,
      lastSuccess: null,
      usualDurationMs: null,
      nextRunAt: null,
    });
    expect(body.rows[STEP_IDS.indexOf('sync')].mayRun).toBe(false);
  });

  it('needs the permission naap.pipeline.read', async () => {
    const { api } = await startPortal({ allow: () => false });
    const { body } = await api.get(`${V1}/steps`).expect(403);
    expect(body.error.message).toContain('naap.pipeline.read');
  });
});

describe('POST /steps/{step}', () => {
  it('runs the step and answers what it did', async () => {
    const { api, steps, records } = await startPortal();
    steps.on = async (_id, { options }) => ({
      changed: true,
      details: { rows: 7, full: options.full },
    });
    const { body } = await api
      .post(`${V1}/steps/build`)
      .send({ full: true })
      .expect(200);
    expect(body).toMatchObject({
      step: 'build',
      changed: true,
      details: { rows: 7, full: true },
    });
    expect(records).toEqual([
      {
        eventId: 'step-run',
        meta: { step: 'build', arguments: { full: true } },
        outcome: 'success',
      },
    ]);
  });

  it('answers 400 to an unknown step, argument or value', async () => {
    const { api, steps } = await startPortal();
    const post = async (path: string, body: object) =>
      (await api.post(`${V1}/steps/${path}`).send(body).expect(400)).body.error
        .message;
    expect(await post('explode', {})).toContain('step');
    expect(await post('build', { fool: true })).toContain('fool');
    expect(await post('sync', { full: true })).toContain("no argument 'full'");
    expect(await post('build', { full: 'yes' })).toContain('full');
    expect(await post('sync', { days: ['today'] })).toContain('days');
    expect(steps.ran).toEqual([]);
  });

  it('passes the error of the step on', async () => {
    const { api, steps } = await startPortal();
    steps.on = async () => {
      throw new Error('2 dbt tests failed: unique_requests');
    };
    const { body } = await api.post(`${V1}/steps/build`).expect(500);
    expect(body.error.message).toContain('2 dbt tests failed');
  });
});

describe('POST /steps/{step}/plan', () => {
  it('says what a run would touch, and runs nothing', async () => {
    const { api, steps } = await startPortal();
    const { body } = await api
      .post(`${V1}/steps/sync/plan`)
      .send({ days: ['2026-01-09', '2026-01-08', '2026-01-08'] })
      .expect(200);
    expect(body).toEqual({
      step: 'sync',
      arguments: { days: ['2026-01-08', '2026-01-09'] },
      summary: 'sync',
      touches: [],
    });
    expect(steps.ran).toEqual([]);
  });
});

describe('what changes something', () => {
  it.each(MUTATING_ROUTES)(
    '%s %s is refused without its permission, and the refusal recorded',
    async (method, path) => {
      let mayRun = true;
      const { api, records, steps } = await startPortal({
        allow: name => mayRun || name.endsWith('.read'),
      });
      // A run that there is, so that nothing but the permission can be missing.
      await api.post(`${V1}/steps/build`).expect(200);
      const { body: runs } = await api.get(`${V1}/runs`).expect(200);
      mayRun = false;
      const send = () =>
        api[method as 'post'](
          `${V1}${path
            .replace('{id}', runs.rows[0].id)
            .replace('{connector}', 'bronze-events')}`,
        ).send(path === '/runs' ? { step: 'build' } : {});
      const { body } = await send().expect(403);
      expect(body.error.message).toMatch(
        /needs the permission naap\.(?:pipeline|connector)\.\w+$/,
      );
      expect(records.at(-1)!.outcome).toContain('NotAllowedError');
      await send()
        .set('authorization', mockCredentials.none.header())
        .expect(401);
      expect(steps.ran).toEqual(['build']);
    },
  );
});
