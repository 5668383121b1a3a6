import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Ports of this machine that this process calls from: plugins ask each other over HTTP. */
const ports = new Set<number>();

subscribe('net.client.socket', message => {
  const { socket } = message as { socket: Socket };
  socket.once('connect', () => {
    const port = socket.localPort;
    if (port === undefined) return;
    ports.add(port);
    socket.once('close', () => ports.delete(port));
  });
});

/** Whether the other end of a connection is this process. */
export function isOwn(
  peer: Pick<Socket, 'remotePort' | 'remoteAddress' | 'localAddress'>,
): boolean {
  return (
    peer.remotePort !== undefined &&
    ports.has(peer.remotePort) &&
    // From the address that it came to: another machine may use the same port.
    peer.remoteAddress === peer.localAddress
  );
}
