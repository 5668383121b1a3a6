import { mockCredentials } from '@backstage/backend-test-utils';
import { startPortal, V1 } from '../__testUtils__/portal';
import { gpuRow, kpiRow, scoreRow, supplyRow } from '../__testUtils__/rows';
import { PUBLIC_PATHS } from './publicRouter';

// Each test starts a portal, and the machine may be busy.
const NOBODY = mockCredentials.none.header();

type Portal = Awaited<ReturnType<typeof startPortal>>;
const publicApi = (config: object) => ({
  config: { naap: { publicApi: config } },
});
const anonymously = ({ api }: Portal, path: string) =>
  api.get(`${V1}${path}`).set('authorization', NOBODY);

describe('the public API', () => {
  it('answers who has no token, and nothing else does', async () => {
    const portal = await startPortal();
    for (const path of PUBLIC_PATHS) {
      await anonymously(portal, path).expect(200);
    }
    await anonymously(portal, '/gpus').expect(401);
    await anonymously(portal, '/gpu/metrics/more').expect(404);
    // Demand asks thrice, compliance of no score only for scores.
    expect(portal.kpiStore.asked).toHaveLength(6);
  });

  it('asks who has a token for the permission to read, and a wrong token for a right one', async () => {
    const portal = await startPortal({ allow: () => false });
    for (const path of PUBLIC_PATHS) {
      const { body } = await portal.api.get(`${V1}${path}`).expect(403);
      expect(body.error.message).toContain('naap.kpi.read');
      await portal.api
        .get(`${V1}${path}`)
        .set('authorization', mockCredentials.user.invalidHeader())
        .expect(401);
    }
  });

  it('can be closed: then it needs a token like all else', async () => {
    const portal = await startPortal(publicApi({ enabled: false }));
    const { body } = await anonymously(portal, '/gpu/metrics').expect(401);
    expect(body.error.message).toContain('naap.publicApi.enabled');
    await portal.api.get(`${V1}/gpu/metrics`).expect(200);
  });

  it('names the key of a limit that is none', async () => {
    await expect(
      startPortal(publicApi({ rateLimit: { max: 0 } })),
    ).rejects.toThrow('naap.publicApi.rateLimit.max is 0');
  });

  describe('the rate limit', () => {
    it('tells by standard headers what is left, and when to come again; over all paths', async () => {
      const portal = await startPortal(
        publicApi({ rateLimit: { windowSeconds: 30, max: 2 } }),
      );
      const first = await anonymously(portal, '/gpu/metrics').expect(200);
      expect(first.headers['ratelimit-policy']).toMatch(/q=2; w=30/);
      expect(first.headers.ratelimit).toMatch(/r=1; t=30/);
      await anonymously(portal, '/network/demand').expect(200);
      const { body, headers } = await anonymously(portal, '/datasets').expect(
        429,
      );
      expect(body.error.name).toBe('TooManyRequestsError');
      expect(body.error.message).toContain('2 requests in 30 s');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(30);
      expect(portal.kpiStore.asked).toHaveLength(4);
    });

    it('is for guests too, who have a token for the asking', async () => {
      const portal = await startPortal(publicApi({ rateLimit: { max: 2 } }));
      const statusFor = async (user: string) => {
        const answer = await portal.api
          .get(`${V1}/gpu/metrics`)
          .set('authorization', mockCredentials.user.header(user));
        return answer.status;
      };
      expect(await statusFor('user:development/guest')).toBe(200);
      await anonymously(portal, '/gpu/metrics').expect(200);
      expect(await statusFor('user:development/guest')).toBe(429);
      expect(await statusFor('user:default/somebody')).toBe(200);
    });

    it('knows the guest whom the provider is configured to make', async () => {
      const guest = 'user:default/all';
      const portal = await startPortal({
        config: {
          auth: { providers: { guest: { userEntityRef: guest } } },
          naap: { publicApi: { rateLimit: { max: 1 } } },
        },
      });
      const statuses: number[] = [];
      for (let i = 0; i < 2; i++) {
        const { status } = await portal.api
          .get(`${V1}/gpu/metrics`)
          .set('authorization', mockCredentials.user.header(guest));
        statuses.push(status);
      }
      expect(statuses).toEqual([200, 429]);
    });

    it('is not for who has a token, and takes nothing from who has none', async () => {
      const portal = await startPortal(publicApi({ rateLimit: { max: 1 } }));
      for (let i = 0; i < 3; i++) {
        await portal.api.get(`${V1}/gpu/metrics`).expect(200);
      }
      await anonymously(portal, '/gpu/metrics').expect(200);
      await anonymously(portal, '/gpu/metrics').expect(429);
      await portal.api.get(`${V1}/gpu/metrics`).expect(200);
      expect(portal.kpiStore.asked).toHaveLength(5);
    });
  });

  it('asks for what it was asked: addresses in any case, ~ as none, a window of its own', async () => {
    const portal = await startPortal();
    await anonymously(
      portal,
      '/gpu/metrics?o_wallet=0xAbC&o_wallet=~&gpu_id=GPU-1&region=FRA&time_range=2026-01-08/2026-01-09',
    ).expect(200);
    expect(portal.kpiStore.asked).toEqual([
      {
        from: '2026-01-08T00:00:00.000Z',
        to: '2026-01-09T00:00:00.000Z',
        filters: { orchestrator: ['0xabc', null], region: ['FRA'] },
        gpuId: ['GPU-1'],
        limit: 10_000,
      },
    ]);
  });

  it('takes a workflow for a pipeline where there is one of that name, else for a model', async () => {
    const portal = await startPortal();
    portal.kpiStore.pipelines = ['live-video-to-video'];
    await anonymously(portal, '/gpu/metrics?workflow=live-video-to-video');
    await anonymously(portal, '/gpu/metrics?workflow=a-model');
    expect(
      portal.kpiStore.asked.map(query => 'filters' in query && query.filters),
    ).toEqual([{ pipeline: ['live-video-to-video'] }, { model: ['a-model'] }]);
  });

  it('reads demand by interval, gateway and region, and what was offered to the workflow by all', async () => {
    const portal = await startPortal();
    const hour = '2026-01-08T21:00:00.000Z';
    portal.kpiStore.kpiRows = [
      kpiRow({ hour, day: '2026-01-08', gateway: 'g', requests: 3 }),
    ];
    portal.kpiStore.supplyRows = [supplyRow({ hour, capacity: 1 })];
    const { body } = await anonymously(
      portal,
      '/network/demand?gateway=g&region=FRA&workflow=m&interval=day&time_range=2026-01-08/2026-01-09',
    ).expect(200);
    const window = {
      from: '2026-01-08T00:00:00.000Z',
      to: '2026-01-09T00:00:00.000Z',
    };
    const everywhere = { ...window, by: ['hour'], filters: { model: ['m'] } };
    expect(portal.kpiStore.asked).toEqual([
      {
        ...window,
        by: ['day', 'gateway', 'region'],
        filters: { gateway: ['g'], region: ['FRA'], model: ['m'] },
        limit: 10_000,
      },
      everywhere,
      everywhere,
    ]);
    expect(body.rows).toEqual([
      expect.objectContaining({ gateway: 'g', total_requests: 3 }),
    ]);
    expect(body.capacity).toEqual([expect.objectContaining({ hours: 1 })]);
  });

  it('reads scores of an orchestrator, over seven days unless asked otherwise', async () => {
    const portal = await startPortal();
    portal.kpiStore.scoreRows = [scoreRow({ score: 90, served: 20 })];
    const { body } = await anonymously(
      portal,
      '/sla/compliance?orchestrator_id=0xA',
    ).expect(200);
    expect(body.rows).toEqual([
      expect.objectContaining({ orchestrator_id: '0xa', sla_score: 90, n: 20 }),
    ]);
    const [{ from, to, filters }] = portal.kpiStore.asked as Array<{
      from: string;
      to: string;
      filters: object;
    }>;
    expect(filters).toEqual({ orchestrator: ['0xa'] });
    expect(Date.parse(to) - Date.parse(from)).toBe(7 * 86_400_000);
  });

  it("keeps strangers' text as text", async () => {
    const portal = await startPortal();
    const name = '<script>alert(1)</script>\u202e"\'; DROP TABLE x; --\u0000';
    portal.kpiStore.gpuRows = [gpuRow({ gpu: name, models: [name] })];
    const { body, headers } = await anonymously(
      portal,
      `/gpu/metrics?workflow=${encodeURIComponent(name)}`,
    ).expect(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body.rows[0]).toMatchObject({ gpu_name: name, workflows: [name] });
    expect(portal.kpiStore.asked[0]).toMatchObject({
      filters: { model: [name] },
    });
  });

  it.each([
    ['/gpu/metrics?wallet=0xa', 'wallet'],
    ['/gpu/metrics?orchestrator=0xa', 'orchestrator'],
    ['/gpu/metrics?time_range=2h', 'time_range'],
    ['/gpu/metrics?time_range=2026-01-09/2026-01-08', 'time_range'],
    ['/gpu/metrics?workflow=a&workflow=b', 'workflow'],
    ['/gpu/metrics?workflow=', 'workflow'],
    [`/gpu/metrics?region=${'x'.repeat(513)}`, 'region'],
    ['/network/demand?interval=week', 'interval'],
    ['/network/demand?from=2026-01-08', 'from'],
    ['/sla/compliance?period=soon', 'period'],
    ['/sla/compliance?time_range=24h', 'time_range'],
    ['/datasets?type=everything', 'type'],
  ])('answers 400 to %s and names %s', async (path, parameter) => {
    const portal = await startPortal();
    const { body } = await anonymously(portal, path).expect(400);
    expect(body.error.message).toContain(parameter);
    expect(portal.kpiStore.asked).toEqual([]);
  });
});
