import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepConnectors } from './keepConnectors';

/** Stands for Connect where only its answers matter. */
it('starts connectors that have failed anew, and tells why they have', async () => {
  const told: string[] = [];
  const restarted = new Promise<string>(resolve => {
    const server = createServer((req, res) => {
      if (req.method === 'POST') {
        resolve(req.url!);
        res.writeHead(204).end();
        server.close();
        return;
      }
      const isFailed = req.url!.startsWith('/connectors/bad/');
      const task = isFailed
        ? { id: 0, state: 'FAILED', trace: 'Error\nCaused by: no bucket\n' }
        : { id: 0, state: 'RUNNING' };
      res.end(
        JSON.stringify(
          req.url === '/connectors'
            ? ['good', 'bad']
            : { connector: { state: 'RUNNING' }, tasks: [task] },
        ),
      );
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const keeper = keepConnectors(`http://127.0.0.1:${port}`, message =>
        told.push(message),
      );
      server.once('close', () => keeper.stop());
    });
  });
  expect(await restarted).toBe(
    '/connectors/bad/restart?includeTasks=true&onlyFailed=true',
  );
  expect(told).toEqual(['connector bad failed, starts anew: no bucket']);
});
