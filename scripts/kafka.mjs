/** A broker for tests, in a container: the one that NAAP_TEST_KAFKA names (host:port), else Kafka of deploy/docker-compose.yml. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { lacksDocker, run } from './docker.mjs';

export const BROKER_VARIABLE = 'NAAP_TEST_KAFKA';

/** What is missing, or null. */
export const lacksKafka = () =>
  process.env[BROKER_VARIABLE] ? null : lacksDocker();

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * @param docker - the environment of an engine (docker.mjs)
 * @returns {Promise<{broker: string, stop(): Promise<void>}>}
 */
export async function startKafka(docker) {
  const port = await freePort();
  const env = {
    ...docker,
    NAAP_STACK: `naap-test-${randomUUID().slice(0, 8)}`,
    NAAP_KAFKA_PORT: String(port),
  };
  const compose = (...args) => run('docker', ['compose', ...args], env);
  try {
    await run('./secrets.sh', []);
    if (docker.COMPOSE_FILE) {
      await run('./fetch.sh', ['stand-ins/kafka']);
      await compose('build', '--quiet', 'kafka');
    }
    await compose('up', '--detach', '--wait', 'kafka');
  } catch (error) {
    await compose('down', '--volumes').catch(() => {});
    throw error;
  }
  return {
    broker: `127.0.0.1:${port}`,
    stop: () => compose('down', '--volumes'),
  };
}
