import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import request from 'supertest';
import { fakeLayers } from '../__testUtils__/fakes';
import { until, V1 } from '../__testUtils__/portal';
import naapPlugin from '..';
import { Schedules } from './Schedules';

/** With the real scheduler, which keeps its tasks in the database. */
describe('schedules', () => {
  it('tell the step of a task of theirs', () => {
    const schedules = new Schedules({
      schedules: { sync: { frequency: { hours: 6 }, timeout: { minutes: 1 } } },
      auth: mockServices.auth(),
      discovery: mockServices.discovery(),
      logger: mockServices.logger.mock(),
    });
    expect(schedules.stepOf('naap-schedule-sync')).toBe('sync');
    expect(schedules.stepOf('naap-schedule-build')).toBeUndefined();
    expect(schedules.stepOf('naap-loop')).toBeUndefined();
  });

  it('run a step by the clock, and GET /steps says when next', async () => {
    const layers = fakeLayers();
    const backend = await startTestBackend({
      features: [
        naapPlugin,
        layers.feature,
        schedulerServiceFactory,
        mockServices.rootConfig.factory({
          data: {
            naap: {
              // The loop is left out of this, as far as it can be.
              loop: { intervalSeconds: 3600 },
              pipeline: {
                schedules: {
                  sync: {
                    frequency: { hours: 6 },
                    timeout: { seconds: 30 },
                  },
                },
              },
            },
          },
        }),
      ],
    });
    const api = request(backend.server);
    const scheduled = await until(async () => {
      const { body } = await api.get(`${V1}/runs?trigger=schedule`).expect(200);
      return body.rows[0]?.finishedAt && body.rows[0];
    });
    expect(scheduled).toMatchObject({
      step: 'sync',
      state: 'succeeded',
      startedBy: 'schedule',
    });
    const { body } = await api.get(`${V1}/steps`).expect(200);
    const next = new Map<string, string | null>(
      body.rows.map((row: { id: string; nextRunAt: string | null }) => [
        row.id,
        row.nextRunAt,
      ]),
    );
    const inHours = (step: string) =>
      (Date.parse(next.get(step)!) - Date.now()) / 3_600_000;
    expect(inHours('sync')).toBeGreaterThan(5);
    expect(inHours('sync')).toBeLessThanOrEqual(6);
    // After its initial delay of ten minutes.
    expect(inHours('maintain')).toBeLessThanOrEqual(1 / 6);
    expect(next.get('build')).toBeNull();
  });
});
