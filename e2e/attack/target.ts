import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import type { Mode, Portal } from '../portal.ts';
import type { Watch } from '../watch.ts';

export const MIB = 1024 * 1024;

/** CI's sizes show the kind; `ATTACK_SCALE=full` has those of the attack that was. */
export const FULL = process.env.ATTACK_SCALE === 'full';

/** What is attacked. */
export interface Target {
  portal: Portal;
  mode: Mode;
  /** For attacks that are many: each is watched by itself. */
  watch: Watch;
}

export const portOf = ({ record }: Portal) => Number(new URL(record.url).port);

/** Sends bytes to a port of this machine and resolves with the status of the answer; 0: the connection was closed. */
export function statusOf(port: number, bytes: string): Promise<number> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(20_000, () => socket.destroy());
    socket.on('data', data => {
      text += data;
      if (/^HTTP\/\S+ \d{3}/.test(text)) socket.destroy();
    });
    socket.once('error', () => undefined);
    socket.once('close', () =>
      resolve(Number(/^HTTP\/\S+ (\d{3})/.exec(text)?.[1] ?? 0)),
    );
  });
}

/** Bytes that a folder takes on the disk. */
export function bytesOf(folder: string): number {
  const [kib] = execFileSync('du', ['-sk', folder]).toString().split('\t');
  return Number(kib) * 1024;
}
