import { createServer as createHttpServer, RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import type { KeyAndCertificate } from '../../simulator/certificate';

/** Real servers on addresses of loopback, closed at the end of the test file. */
export function loopbackServers() {
  const closers: Array<() => void> = [];
  afterAll(() => closers.forEach(close => close()));

  const listen = async (server: Server, host: string): Promise<number> => {
    const sockets = new Set<Socket>();
    server.on('connection', socket => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>(done => server.listen(0, host, done));
    closers.push(() => {
      server.close();
      sockets.forEach(socket => socket.destroy());
    });
    return (server.address() as AddressInfo).port;
  };

  return {
    http: (listener: RequestListener, host = '127.0.0.1') =>
      listen(createHttpServer(listener), host),
    https: (
      listener: RequestListener,
      tls: KeyAndCertificate,
      host = '127.0.0.1',
    ) => listen(createHttpsServer(tls, listener), host),
    /** Does with every connection what it likes. */
    raw: (
      onConnection: (socket: Socket) => void,
      host = '127.0.0.1',
    ): Promise<number> =>
      listen(createServer({ allowHalfOpen: true }, onConnection), host),
  };
}
