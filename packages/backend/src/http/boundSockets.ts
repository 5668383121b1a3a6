import { comesIn } from '@naap/system';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** All that may be connected, whatever they do; each costs a file descriptor. */
const MOST_CONNECTIONS = 1_000;
/**
 * That many that have come may wait to be let in. The system would take 511: over that it lets whoever comes, an honest
 * one too, try again after a second or three.
 */
const MOST_WAITING = 4_096;
/** What one address may hold of them. */
const MOST_OF_ADDRESS = 750;
/** How long the headers of a request may take. */
const HEADERS_MS = 20_000;
/** How long a connection waits for its next request: longer than proxies do, which would meet it as it closes. */
const KEEP_ALIVE_MS = 65_000;
/** How long somebody who is waited for may be silent. */
const SILENCE_MS = 60_000;

/**
 * Bounds what connections hold. A body takes the time it needs as long as it comes, and so does an answer as long as it
 * is read; headers are due soon, and who is silent amid either is dropped. Who waits for an answer, or until more of his
 * body is read, may wait. Who asks again before he is answered is dropped: no browser and no proxy does, node would take
 * in thousands of such requests at once, and doesn't say of them that their connection has closed.
 */
export function boundSockets(
  server: Server,
  limits: { headersMs: number; silenceMs: number } = {
    headersMs: HEADERS_MS,
    silenceMs: SILENCE_MS,
  },
): void {
  const listen = server.listen.bind(server) as (...args: unknown[]) => Server;
  server.listen = ((port: number, host: string, ...more: unknown[]) =>
    listen(port, host, MOST_WAITING, ...more)) as Server['listen'];
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = limits.headersMs;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  server.timeout = limits.silenceMs;
  const held = new Map<string, number>();
  const answering = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    comesIn();
    const address = socket.remoteAddress ?? '';
    const count = held.get(address) ?? 0;
    if (count >= MOST_OF_ADDRESS) {
      socket.destroy();
      return;
    }
    held.set(address, count + 1);
    socket.once('close', () => {
      const left = (held.get(address) ?? 0) - 1;
      if (left > 0) held.set(address, left);
      else held.delete(address);
    });
  });
  server.prependListener(
    'request',
    (req: IncomingMessage, res: ServerResponse) => {
      const { socket } = req;
      if (answering.has(socket)) {
        socket.destroy();
        return;
      }
      answering.add(socket);
      res.once('close', () => answering.delete(socket));
      // With a listener node leaves it to us.
      res.on('timeout', () => {
        // What has come and is not read yet is not his silence.
        const isSilent = !req.complete && req.readableLength === 0;
        if (isSilent || socket.writableLength > 0) socket.destroy();
      });
    },
  );
}
