import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and its self-signed certificate of `name`, made anew. */
export function selfSigned(name: string): { key: Buffer; cert: Buffer } {
  const directory = mkdtempSync(join(tmpdir(), 'naap-tls-'));
  try {
    const [key, cert] = ['key.pem', 'cert.pem'].map(f => join(directory, f));
    const options =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 30';
    execFileSync(
      'openssl',
      [
        ...options.split(' '),
        ...['-subj', '/CN=test', '-addext', `subjectAltName=${name}`],
        ...['-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

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
      tls: { key: Buffer; cert: Buffer },
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
