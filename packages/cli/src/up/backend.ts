import { ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from '../places';
import { SIMULATOR, SimulatedNodes } from './simulator';

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

/**
 * Starts the process of the portal, which ends when this one does. Its output comes through pipes, which are read
 * whatever becomes of it: the portal never waits for a terminal or a disk.
 */
export function startBackend(
  { root, home }: Places,
  { port, token, simulatorToken, nodes, nodeEnv }: BackendOptions,
  write: (text: string) => void,
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
  const backend = spawn(
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
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: nodeEnv,
        NAAP_ROOT: root,
        NAAP_HOME: home,
        NAAP_TOKEN: token,
        PORT: String(port),
        ...(process.stderr.isTTY ? { FORCE_COLOR: '1' } : {}),
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
  for (const output of [backend.stdout, backend.stderr]) {
    output?.setEncoding('utf8').on('data', write);
  }
  return backend;
}
