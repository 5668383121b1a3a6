import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import { messagesBelow } from '@naap/ingestion/bus';
import express from 'express';
import request from 'supertest';
import { startPortal, V1 } from '../__testUtils__/portal';
import { createHealthRouter } from './healthRouter';

// Each test starts a portal, and the machine may be busy.
describe('health', () => {
  it('is alive and ready for who has no token', async () => {
    const { api } = await startPortal();
    for (const path of ['live', 'ready']) {
      const { body } = await api
        .get(`${V1}/health/${path}`)
        .set('authorization', mockCredentials.none.header())
        .expect(200);
      expect(body.status).toBe('ok');
    }
  });

  it('stays alive while a part is not ready, names the part and keeps the reason to the log', async () => {
    const { api, kpiStore, bus } = await startPortal();
    kpiStore.failWith = new Error('secret path /srv/naap');
    const { body, text } = await api.get(`${V1}/health/ready`).expect(503);
    expect(body).toEqual({
      status: 'error',
      parts: [
        { name: 'events', ready: true },
        { name: 'kpis', ready: false },
        { name: 'database', ready: true },
      ],
    });
    expect(text).not.toContain('secret');
    await api.get(`${V1}/health/live`).expect(200);
    // What is looked at to know is no event.
    expect(messagesBelow(await bus.positions())).toBe(0);
  });

  it('says of a full disk that it is that', async () => {
    const { api, bus } = await startPortal();
    bus.failWith = new ServiceUnavailableError('The disk is full: 3 MB');
    const { body } = await api.get(`${V1}/health/ready`).expect(503);
    expect(body.parts[0]).toEqual({
      name: 'events',
      ready: false,
      reason: 'disk_full',
    });
    await api.get(`${V1}/health/live`).expect(200);
  });

  it('takes for not ready what does not answer in time', async () => {
    const logger = mockServices.logger.mock();
    const app = express().use(
      createHealthRouter({
        logger,
        health: {
          events: () => new Promise(() => {}),
          kpis: async () => 'there',
          database: () => Promise.reject(new ServiceUnavailableError('gone')),
        },
      }),
    );
    const { body } = await request(app).get('/health/ready').expect(503);
    expect(body.parts.map((part: { ready: boolean }) => part.ready)).toEqual([
      false,
      true,
      false,
    ]);
    expect(logger.warn).toHaveBeenCalledWith(
      'Not ready: events: Error: No answer within 1000 ms',
    );
  });
});
