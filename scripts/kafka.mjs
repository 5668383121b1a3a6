/**
 * A broker for tests, in a container: the one that NAAP_TEST_KAFKA names (host:port), else Kafka of deploy/docker-compose.yml. Where
 * no Docker engine answers, one of Debian's packages is started and stopped (deploy/stand-ins), which wants root.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const deploy = fileURLToPath(new URL('../deploy', import.meta.url));
const ENGINE = join(deploy, 'stand-ins/docker-engine.sh');

export const BROKER_VARIABLE = 'NAAP_TEST_KAFKA';

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
export function lacksKafka() {
  if (process.env[BROKER_VARIABLE] || hasEngine()) return null;
  if (process.getuid() !== 0 || !has('apt-get')) {
    return 'no Docker engine answers, and none can be started (that wants root on Debian)';
  }
  return has('mvn') ? null : 'Maven is missing: apt-get install maven';
}

async function run(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: deploy,
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

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * @param folder - where an engine that is started keeps everything
 * @returns {Promise<{broker: string, stop(): Promise<void>}>}
 */
export async function startKafka(folder) {
  const given = process.env[BROKER_VARIABLE];
  if (given) return { broker: given, stop: async () => {} };
  const engine = hasEngine()
    ? null
    : exported(await run(ENGINE, ['up', folder]));
  const stopEngine = async () => {
    if (engine) await run(ENGINE, ['down', folder]);
  };
  const port = await freePort();
  const env = {
    ...engine,
    // Only where no hub is asked for them, images are ours.
    ...(engine && {
      COMPOSE_FILE: 'docker-compose.yml:stand-ins/docker-compose.yml',
    }),
    NAAP_STACK: `naap-test-${randomUUID().slice(0, 8)}`,
    NAAP_KAFKA_PORT: String(port),
  };
  const compose = (...args) => run('docker', ['compose', ...args], env);
  try {
    await run('./secrets.sh', []);
    if (engine) {
      await run('./fetch.sh', ['stand-ins/kafka']);
      await compose('build', '--quiet', 'kafka');
    }
    await compose('up', '--detach', '--wait', 'kafka');
  } catch (error) {
    await compose('down', '--volumes').catch(() => {});
    await stopEngine();
    throw error;
  }
  return {
    broker: `127.0.0.1:${port}`,
    async stop() {
      await compose('down', '--volumes');
      await stopEngine();
    },
  };
}
