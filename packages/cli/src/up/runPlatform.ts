import { acquire, FileLocks, ownIdentity } from '@naap/system';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Places } from '../places';
import { FailedError } from '../errors';
import { RunningPortal } from '../platform/portal/RunningPortal';
import { bringUpToDate } from '../platform/embedded/replayHome';
import {
  claimHome,
  removeRecord,
  writeRecord,
} from '../platform/portal/portalRecord';
import { runSimulator } from '../simulate/runSimulator';
import { startBackend } from './backend';
import { buildPortal } from './buildPortal';
import { nodeEnvironment } from './nodeEnvironment';
import { PlatformLog } from './PlatformLog';
import { assertPortFree } from './port';
import {
  nameSimulatedOperators,
  startSimulatedNodes,
  wantsSimulator,
} from './simulator';

export interface PlatformOptions {
  port: number;
  simulate: boolean;
  eventsPerDay: number;
}

/** How long the portal of an `up` that was killed may take to notice and end. */
const LEFTOVER_PATIENCE_MS = 60_000;

/** How long the portal may take to be ready. */
const READY_PATIENCE_MS = 3 * 60_000;

/**
 * Runs the portal, its loop and, without a source, a simulated network, until it is told to stop. The home is claimed
 * before anything else is done: a second start finds it taken and touches nothing.
 */
export async function runPlatform(
  places: Places,
  options: PlatformOptions,
): Promise<void> {
  const claim = await claimHome(places.home);
  const log = new PlatformLog(places.home);
  try {
    await runClaimed(places, options, log);
  } catch (error) {
    log.keep(`naap: ${(error as Error).message}\n`);
    throw error;
  } finally {
    await log.close();
    await claim.release();
  }
}

async function runClaimed(
  places: Places,
  options: PlatformOptions,
  { say, write }: PlatformLog,
): Promise<void> {
  const { root, home } = places;
  await waitForLeftover(home, say);
  await assertPortFree(options.port);
  await buildPortal(say);
  await bringUpToDate(home, say);

  const simulate =
    options.simulate && (await wantsSimulator(root, home, process.env));
  const url = `http://localhost:${options.port}`;
  const token = randomBytes(24).toString('hex');
  const simulatorToken = randomBytes(24).toString('hex');
  const portal = new RunningPortal({ url, token });

  say('starting the portal');
  const nodeEnv = nodeEnvironment(process.env, simulate);
  if (nodeEnv === 'development') {
    say(
      'development: whoever reaches the portal may run steps (NODE_ENV=production: only read)',
    );
  }
  if (simulate) await nameSimulatedOperators(home);
  const nodes = simulate ? await startSimulatedNodes(home, nodeEnv, say) : null;
  const backend = startBackend(
    places,
    {
      port: options.port,
      token,
      simulatorToken: simulate ? simulatorToken : null,
      nodes,
      nodeEnv,
    },
    write,
  );
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const ended = new Promise<number>(resolve => {
    backend.once('close', (code, signal) => {
      stopping.abort();
      resolve(code ?? (signal === 'SIGTERM' ? 0 : 1));
    });
  });

  try {
    await writeRecord(home, {
      ...ownIdentity(),
      backend: backend.pid!,
      url,
      token,
    });
    await waitUntilReady(portal, stopping.signal);
    process.stdout.on('error', () => {}).write(`${url}\n`);
    if (simulate) {
      await runSimulator(
        join(home, 'run', 'simulator.json'),
        messages => portal.sendEvents(messages, { token: simulatorToken }),
        {
          eventsPerDay: options.eventsPerDay,
          observe: message => nodes?.servers.observe(message),
          say,
          signal: stopping.signal,
        },
      );
    } else {
      await aborted(stopping.signal);
    }
  } finally {
    backend.kill('SIGTERM');
    const code = await ended;
    await nodes?.servers.close();
    await removeRecord(home);
    if (code !== 0) process.exitCode = 1;
    say('stopped');
  }
}

/** A portal whose `up` was killed ends by itself; until then it has the home and the port. */
async function waitForLeftover(
  home: string,
  say: (text: string) => void,
): Promise<void> {
  const locks = new FileLocks(join(home, 'run'));
  const what = `The portal of ${home}`;
  if (locks.holder('portal') === 'free') return;
  say('waiting for the portal of an earlier start to end');
  const lock = await acquire(locks, 'portal', {
    what,
    waitMs: LEFTOVER_PATIENCE_MS,
  });
  await lock.release();
}

async function waitUntilReady(
  portal: RunningPortal,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_PATIENCE_MS;
  while (!(await portal.isReady())) {
    if (signal.aborted) {
      throw new FailedError('the portal ended before it was ready; see above');
    }
    if (Date.now() > deadline) {
      throw new FailedError('the portal is not ready after three minutes');
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
