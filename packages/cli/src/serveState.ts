import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** What runs until it is stopped, as it is now. */
export interface Service {
  readonly state: { isAlive: boolean };
}

/** Serves the state of a service at `/healthz` of this machine alone; 503 while it is not alive. */
export async function serveState(
  service: Service,
  port: number,
): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const { state } = service;
    const status = state.isAlive ? 200 : 503;
    response.writeHead(url === '/healthz' ? status : 404, {
      'content-type': 'application/json',
    });
    response.end(url === '/healthz' ? JSON.stringify(state) : '{}');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
