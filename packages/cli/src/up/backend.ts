import { ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from '../places';
import { SIMULATOR } from '../simulate/runSimulator';
import type { SimulatedNodes } from './simulator';

/** What the portal is started with. */
export interface BackendOptions {
  port: number;
  /** Token of this machine's CLI. */
  token: string;
  /** Token of the simulated network, if there is one. */
  simulatorToken: string | null;
  nodes: SimulatedNodes | null;
  nodeEnv: string;
}

/** Starts the process of the portal. */
export function startBackend(
  { root, home }: Places,
  { port, token, simulatorToken, nodes, nodeEnv }: BackendOptions,
  write: (text: string) => void,
): ChildProcess {
  const configs = ['app-config.yaml', 'app-config.local.yaml'];
  if (simulatorToken) configs.push('app-config.simulator.yaml');
  if (nodes) configs.push('app-config.simulated-nodes.yaml');
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: nodeEnv,
    NAAP_TOKEN: token,
    PORT: String(port),
  };
  if (simulatorToken) {
    env.NAAP_SIMULATOR = SIMULATOR;
    env.NAAP_SIMULATOR_TOKEN = simulatorToken;
  }
  if (nodes) {
    env.NAAP_SIMULATED_HOSTS = nodes.hostsFile;
    env.NAAP_SIMULATED_TARGETS = nodes.targetsFile;
  }
  return spawnBackend({ root, home }, { configs, env }, write);
}

/**
 * A process of packages/backend, with those files of configuration that there are,
 * and variables over those of this process. It ends when this one does. Its
 * output comes through pipes, which are read whatever becomes of it: it never waits for a terminal or a disk.
 */
export function spawnBackend(
  { root, home }: Places,
  { configs, env }: { configs: string[]; env: NodeJS.ProcessEnv },
  write: (text: string) => void,
): ChildProcess {
  const backend = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      // Answers die young: in the default space many are copied before they do, a fifth of the time of an answer.
      '--max-semi-space-size=32',
      // It lives on 150 MB. With the default of 4 GB, V8 lets a burst grow to 1 GB before it looks what is still used.
      '--max-old-space-size=1024',
      join(root, 'packages/backend/dist/backend.cjs'),
      ...configs
        .map(name => join(root, name))
        .filter(path => existsSync(path))
        .flatMap(path => ['--config', path]),
    ],
    {
      cwd: root,
      // The channel tells the portal when this process is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NAAP_ROOT: root,
        NAAP_HOME: home,
        ...(process.stderr.isTTY ? { FORCE_COLOR: '1' } : {}),
        ...env,
      },
    },
  );
  for (const output of [backend.stdout, backend.stderr]) {
    output?.setEncoding('utf8').on('data', write);
  }
  return backend;
}
