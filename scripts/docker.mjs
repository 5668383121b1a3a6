/**
 * A Docker engine for tests: the one that answers, else one of Debian's packages, started and stopped (deploy/stand-ins), which wants
 * root. With it images are stand-ins of ours, as no hub is asked for any.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DEPLOY = fileURLToPath(new URL('../deploy', import.meta.url));
const ENGINE = join(DEPLOY, 'stand-ins/docker-engine.sh');
/** What is made of packages where no hub is asked. */
const STAND_INS = 'docker-compose.yml:stand-ins/docker-compose.yml';

const has = command =>
  (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const hasEngine = () =>
  spawnSync('docker', ['compose', 'ls'], { stdio: 'ignore' }).status === 0;

/** What is missing, or null. */
export function lacksDocker() {
  if (hasEngine()) return null;
  if (process.getuid() !== 0 || !has('apt-get')) {
    return 'no Docker engine answers, and none can be started (that wants root on Debian)';
  }
  return has('mvn') ? null : 'Maven is missing: apt-get install maven';
}

/** Runs a program in `deploy`; resolves with what it printed. */
export async function run(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: DEPLOY,
    env: { ...process.env, ...env },
    // What is printed for people goes where it belongs; what is printed for us is an answer.
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', text => {
    output += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${code}\n${output}`,
    );
  }
  return output;
}

/** `export A=b C=d` as an object. */
const exported = text =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );

/**
 * @param folder - where an engine that is started keeps everything
 * @returns {Promise<{env: Record<string, string>, stop(): Promise<void>}>} the environment that `docker` and `./naap` need
 */
export async function startDocker(folder) {
  if (hasEngine()) return { env: {}, stop: async () => {} };
  const engine = exported(await run(ENGINE, ['up', folder]));
  return {
    env: { ...engine, COMPOSE_FILE: STAND_INS },
    stop: async () => {
      await run(ENGINE, ['down', folder]);
    },
  };
}
