import { startPortal, V1 } from '../__testUtils__/portal';

const TASKS = '/api/naap/.backstage/scheduler/v1/tasks';

describe('a task of the scheduler that is triggered', () => {
  it('says by whom, in the run and in the record', async () => {
    const { api, records } = await startPortal();
    await api.post(`${TASKS}/naap-schedule-maintain/trigger`).expect(200);
    const { body } = await api.get(`${V1}/runs`).expect(200);
    expect(body.rows).toEqual([
      expect.objectContaining({
        step: 'maintain',
        trigger: 'manual',
        startedBy: 'user:default/mock',
      }),
    ]);
    expect(records).toEqual([
      {
        eventId: 'run-start',
        meta: { step: 'maintain', task: 'naap-schedule-maintain' },
        outcome: 'success',
      },
    ]);
  });

  it('needs the permission of its step', async () => {
    const { api, records } = await startPortal({
      allow: permission => permission.endsWith('.read'),
    });
    await api.post(`${TASKS}/naap-schedule-maintain/trigger`).expect(403);
    expect((await api.get(`${V1}/runs`)).body.total).toBe(0);
    expect(records[0].outcome).toContain('naap.pipeline.maintain');
  });

  it('is left to the scheduler when it runs no step', async () => {
    const { api, records } = await startPortal();
    // The test's scheduler has no routes.
    await api.post(`${TASKS}/naap-loop/trigger`).expect(404);
    expect(records).toEqual([]);
  });
});
