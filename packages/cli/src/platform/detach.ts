import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '../context';
import { FailedError } from '../errors';
import { findPortal } from '../portal';

/** The first start builds the portal; on a slow machine that takes minutes. */
const PATIENCE_MS = 10 * 60_000;

/** Starts `naap up` in the background, waits until it is healthy and prints its URL. */
export async function startDetached(
  { home }: Context,
  port: number,
): Promise<void> {
  const run = join(home, 'run');
  mkdirSync(run, { recursive: true });
  const logFile = join(run, 'up.log');
  const log = openSync(logFile, 'w');
  const args = process.argv
    .slice(1)
    .filter(argument => argument !== '--detach');
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PORT: String(port) },
  });
  closeSync(log);
  child.unref();

  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (exited) {
      const tail = (await readFile(logFile, 'utf8'))
        .trim()
        .split('\n')
        .slice(-15);
      throw new FailedError(`it did not start:\n${tail.join('\n')}`);
    }
    const portal = await findPortal(home);
    if (portal && (await portal.isReady())) {
      process.stdout.write(`${portal.record.url}\n`);
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  throw new FailedError(`not healthy after ten minutes; see ${logFile}`);
}
