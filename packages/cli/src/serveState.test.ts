import type { AddressInfo } from 'node:net';
import { serveState } from './serveState';

it('says how the gate is, and by the status whether it is alive', async () => {
  const state = {
    isAlive: true,
    counts: {
      read: 1,
      accepted: 1,
      ignored: 0,
      rejected: 0,
      duplicate: 0,
      reasons: {},
    },
    lag: { 'network_events/0': 3 },
  };
  const server = await serveState({ state }, 0);
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  try {
    const answer = await ask('/healthz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(state);
    state.isAlive = false;
    expect((await ask('/healthz')).status).toBe(503);
    expect((await ask('/other')).status).toBe(404);
  } finally {
    server.close();
  }
});
