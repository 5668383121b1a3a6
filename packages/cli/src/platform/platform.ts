import { ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Context } from '../context';
import { FailedError } from '../errors';
import {
  isAlive,
  portalFile,
  PortalRecord,
  readPortalRecord,
  RunningPortal,
} from '../portal';
import { buildPortal } from './buildPortal';
import {
  runSimulator,
  SIMULATOR,
  SimulatedNodes,
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

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Runs the portal, its loop and, without a source, a simulated network, until it is told to stop. */
export async function runPlatform(
  context: Context,
  options: PlatformOptions,
): Promise<void> {
  const { root, home } = context;
  await waitForLeftover(home);
  await assertPortFree(options.port);
  await mkdir(join(home, 'run'), { recursive: true });
  await buildPortal(root, say);

  const simulate = options.simulate && (await wantsSimulator(root, home));
  const record: Omit<PortalRecord, 'backend'> = {
    pid: process.pid,
    url: `http://localhost:${options.port}`,
    token: randomBytes(24).toString('hex'),
  };
  const simulatorToken = randomBytes(24).toString('hex');
  const portal = new RunningPortal(record);

  say('starting the portal');
  const nodeEnv = nodeEnvironment(process.env, simulate);
  if (nodeEnv === 'development') {
    say(
      'development: whoever reaches the portal may run steps (NODE_ENV=production: only read)',
    );
  }
  const nodes = simulate ? await startSimulatedNodes(home, nodeEnv, say) : null;
  const backend = startBackend(context, record, options.port, {
    simulatorToken: simulate ? simulatorToken : null,
    nodes,
    nodeEnv,
  });
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const ended = new Promise<number>(resolve => {
    backend.once('exit', (code, signal) => {
      stopping.abort();
      resolve(code ?? (signal === 'SIGTERM' ? 0 : 1));
    });
  });

  try {
    await writePrivate(
      portalFile(home),
      JSON.stringify({ ...record, backend: backend.pid }),
    );
    await waitUntilReady(portal, stopping.signal);
    process.stdout.write(`${record.url}\n`);
    if (simulate) {
      await runSimulator(
        home,
        messages => portal.sendEvents(messages, simulatorToken),
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
    await rm(portalFile(home), { force: true });
    if (code !== 0) process.exitCode = 1;
    say('stopped');
  }
}

/**
 * `NODE_ENV` of the portal: as it is set, else development for a simulated network, where there is nothing to protect
 * and everything to try, and production for real events. In production guests only read.
 */
export function nodeEnvironment(
  env: NodeJS.ProcessEnv,
  simulated: boolean,
): 'development' | 'production' {
  switch (env.NODE_ENV) {
    case undefined:
    case '':
      return simulated ? 'development' : 'production';
    case 'development':
      return 'development';
    default:
      return 'production';
  }
}

/** A portal whose `up` was killed ends by itself; until then it has the home and the port. */
async function waitForLeftover(home: string): Promise<void> {
  const leftover = await readPortalRecord(home);
  if (!leftover || isAlive(leftover.pid) || !isAlive(leftover.backend)) return;
  say('waiting for the portal of an earlier start to end');
  const deadline = Date.now() + LEFTOVER_PATIENCE_MS;
  while (isAlive(leftover.backend) && Date.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

function startBackend(
  { root, home }: Context,
  record: Omit<PortalRecord, 'backend'>,
  port: number,
  {
    simulatorToken,
    nodes,
    nodeEnv,
  }: {
    simulatorToken: string | null;
    nodes: SimulatedNodes | null;
    nodeEnv: string;
  },
): ChildProcess {
  const configs = ['app-config.yaml', 'app-config.local.yaml']
    .map(name => join(root, name))
    .filter(path => existsSync(path));
  if (simulatorToken) {
    configs.push(join(root, 'app-config.simulator.yaml'));
  }
  if (nodes) {
    configs.push(join(root, 'app-config.simulated-nodes.yaml'));
  }
  return spawn(
    process.execPath,
    [
      '--enable-source-maps',
      // Answers die young: in the default space many are copied before they do, a fifth of the time of an answer.
      '--max-semi-space-size=32',
      // It lives on 150 MB. With the default of 4 GB, V8 lets a burst grow to 1 GB before it looks what is still used.
      '--max-old-space-size=1024',
      join(root, 'packages/backend/dist/backend.cjs'),
      ...configs.flatMap(path => ['--config', path]),
    ],
    {
      cwd: root,
      // The channel tells the portal when this process is gone.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: nodeEnv,
        NAAP_ROOT: root,
        NAAP_HOME: home,
        NAAP_TOKEN: record.token,
        PORT: String(port),
        ...(simulatorToken
          ? { NAAP_SIMULATOR: SIMULATOR, NAAP_SIMULATOR_TOKEN: simulatorToken }
          : {}),
        ...(nodes
          ? {
              NAAP_SIMULATED_HOSTS: nodes.hostsFile,
              NAAP_SIMULATED_TARGETS: nodes.targetsFile,
            }
          : {}),
      },
    },
  );
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

async function assertPortFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new FailedError(
          error.code === 'EADDRINUSE'
            ? `port ${port} is in use: stop what listens there, or give --port`
            : `port ${port}: ${error.message}`,
        ),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** For this user's eyes only: it holds a token. Whole or not there at all, however this process ends. */
async function writePrivate(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  await rm(part, { force: true });
  await writeFile(part, text, { mode: 0o600 });
  await rename(part, path);
}
