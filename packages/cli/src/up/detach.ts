import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FailedError } from '../errors';
import { RunningPortal } from '../platform/portal/RunningPortal';
import { currentRecord } from '../platform/portal/portalRecord';

/** The first start builds the portal; on a slow machine that takes minutes. */
const PATIENCE_MS = 10 * 60_000;
const LAST_WORDS = 15;

/** Starts `naap up` in the background, waits until it is healthy and prints its URL. */
export async function startDetached(home: string, port: number): Promise<void> {
  const args = process.argv
    .slice(1)
    .filter(argument => argument !== '--detach');
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    detached: true,
    // It writes its log itself; what it says until it is ready is for us.
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PORT: String(port) },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    said = (said + text).slice(-100_000);
  });
  const closed = once(child, 'close').then(() => true);
  child.unref();

  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const pause = new Promise<false>(resolve =>
      setTimeout(() => resolve(false), 250),
    );
    if (await Promise.race([closed, pause])) {
      const lines = said.trim().split('\n').slice(-LAST_WORDS);
      throw new FailedError(`it did not start:\n${lines.join('\n')}`);
    }
    // Another start may have been faster: only our own counts.
    const record = await currentRecord(home);
    if (!record || record.pid !== child.pid) continue;
    if (await new RunningPortal(record).isReady()) {
      child.stderr.destroy();
      process.stdout.write(`${record.url}\n`);
      return;
    }
  }
  child.stderr.destroy();
  throw new FailedError(
    `not healthy after ten minutes; see run/up.log in ${home}`,
  );
}
