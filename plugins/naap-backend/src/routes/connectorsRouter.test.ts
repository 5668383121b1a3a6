import type { ConnectorInfo, DeadLetterRow } from '@naap/plugin-naap-common';
import { FakeConnectors } from '../__testUtils__/fakes';
import { startPortal, V1 } from '../__testUtils__/portal';

const EVENTS: ConnectorInfo = {
  name: 'bronze-events',
  topics: ['naap.events'],
  table: 'bronze.events',
  state: 'running',
  error: null,
  lag: 7,
  committedAt: '2026-01-08T21:49:05.298Z',
  drift: [{ what: 'tasks.max', is: '2', should: '1' }],
};

const LETTER: DeadLetterRow = {
  partition: 0,
  offset: '9007199254740993',
  at: '2026-01-08T21:49:05.298Z',
  connector: 'bronze-events',
  source: { topic: 'naap.events', partition: 3, offset: '17' },
  stage: 'VALUE_CONVERTER',
  error: 'org.apache.kafka.connect.errors.DataException',
  message: 'Unrecognized token 192.0.2.1',
  raw_base64: 'MTkyLjAuMi4x',
  raw_length: 9,
};

describe('GET /connectors', () => {
  it('tells how each stands and what the caller may do', async () => {
    const connectors = new FakeConnectors();
    connectors.rows = [EVENTS];
    const { api } = await startPortal({
      connectors,
      allow: name =>
        ['naap.pipeline.read', 'naap.connector.pause'].includes(name),
    });
    const { body } = await api.get(`${V1}/connectors`).expect(200);
    expect(body).toEqual({
      rows: [EVENTS],
      deadLetters: 0,
      problems: [],
      may: { pause: true, resume: false, restart: false },
    });
  });

  it('has no rows where no Kafka Connect is configured', async () => {
    const { api } = await startPortal();
    const { body } = await api.get(`${V1}/connectors`).expect(200);
    expect(body).toMatchObject({ rows: [], deadLetters: null });
    await api.get(`${V1}/dead-letters`).expect(200);
    await api.post(`${V1}/connectors/bronze-events/pause`).expect(404);
  });

  it('needs the permission naap.pipeline.read', async () => {
    const { api } = await startPortal({ allow: () => false });
    await api.get(`${V1}/connectors`).expect(403);
    await api.get(`${V1}/dead-letters`).expect(403);
  });
});

describe('POST /connectors/{connector}/{action}', () => {
  it('does it, and leaves a record', async () => {
    const connectors = new FakeConnectors();
    const { api, records } = await startPortal({ connectors });
    await api
      .post(`${V1}/connectors/bronze-events/pause`)
      .expect(200, { connector: 'bronze-events', action: 'pause' });
    expect(connectors.told).toEqual(['pause bronze-events']);
    expect(records).toEqual([
      {
        eventId: 'connector-pause',
        meta: { connector: 'bronze-events' },
        outcome: 'success',
      },
    ]);
  });

  it('knows no other action, and no name that is a path', async () => {
    const connectors = new FakeConnectors();
    const { api } = await startPortal({ connectors });
    await api.post(`${V1}/connectors/bronze-events/delete`).expect(400);
    await api.post(`${V1}/connectors/..%2Fx/pause`).expect(400);
    expect(connectors.told).toEqual([]);
  });
});

describe('GET /dead-letters', () => {
  it('shows what a record holds only to who has naap.raw.read', async () => {
    const connectors = new FakeConnectors();
    connectors.letters = [LETTER];
    let mayReadRaw = false;
    const { api } = await startPortal({
      connectors,
      allow: name => mayReadRaw || name !== 'naap.raw.read',
    });
    const ask = async () => (await api.get(`${V1}/dead-letters`)).body;
    expect(await ask()).toEqual({
      total: 1,
      raw_readable: false,
      rows: [{ ...LETTER, message: null, raw_base64: null }],
    });
    mayReadRaw = true;
    expect((await ask()).rows).toEqual([LETTER]);
  });
});
