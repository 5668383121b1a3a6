import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../command.ts';
import { freePort } from '../waiting.ts';

const DEPLOY = join(ROOT, 'deploy');
export const USER = 'naap';
export const PASSWORD = 'hush-hush';
const LOGIN = 'org.apache.kafka.common.security';

const run = promisify(execFile);

/** Says that it is this machine, on the word of an authority that nobody else knows. */
async function makeCertificate(folder: string): Promise<void> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const fresh = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await openssl(
    ...['req', '-x509', ...fresh, '-subj', '/CN=an authority'],
    ...['-keyout', 'ca.key', '-out', 'ca.pem'],
  );
  await openssl(
    ...['req', '-x509', ...fresh, '-subj', '/CN=127.0.0.1'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-CA', 'ca.pem', '-CAkey', 'ca.key'],
    ...['-keyout', 'key.pem', '-out', 'cert.pem'],
  );
  const parts = ['key.pem', 'cert.pem', 'ca.pem'].map(name =>
    readFile(join(folder, name), 'utf8'),
  );
  const whole = (await Promise.all(parts)).join('');
  await writeFile(join(folder, 'broker.pem'), whole, { mode: 0o644 });
}

/** What of deploy/kafka/server.properties is another, with what the listener wants. */
async function writeProperties(folder: string): Promise<void> {
  const path = join(DEPLOY, 'kafka/server.properties');
  const scram = ['256', '512'].map(
    bits =>
      `listener.name.secured.scram-sha-${bits}.sasl.jaas.config=${LOGIN}.scram.ScramLoginModule required;`,
  );
  const properties = (await readFile(path, 'utf8'))
    .replace('EXTERNAL://:9094', 'EXTERNAL://:9094,SECURED://:9095')
    .replace('EXTERNAL:PLAINTEXT', 'EXTERNAL:PLAINTEXT,SECURED:SASL_SSL');
  const more = [
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.secured.plain.sasl.jaas.config=${LOGIN}.plain.PlainLoginModule required user_${USER}="${PASSWORD}";`,
    ...scram,
    'listener.name.secured.ssl.keystore.type=PEM',
    'listener.name.secured.ssl.keystore.location=/mnt/shared/config/broker.pem',
  ];
  await writeFile(
    join(folder, 'server.properties'),
    `${properties}\n${more.join('\n')}\n`,
    { mode: 0o644 },
  );
}

/** A broker of its own with a port for everybody, and one that wants TLS and a password. */
export class SecuredBroker {
  private readonly folder: string;
  private readonly env: Record<string, string>;

  private constructor(folder: string, env: Record<string, string>) {
    this.folder = folder;
    this.env = env;
  }

  static async start(): Promise<SecuredBroker> {
    // Readable by whoever the broker runs as.
    const folder = await mkdtemp(join(tmpdir(), 'naap-broker-'));
    await run('chmod', ['755', folder]);
    await Promise.all([makeCertificate(folder), writeProperties(folder)]);
    const files = process.env.COMPOSE_FILE ?? 'docker-compose.yml';
    const broker = new SecuredBroker(folder, {
      COMPOSE_FILE: `${files}:${join(ROOT, 'e2e/kafka/secured.yml')}`,
      NAAP_STACK: `naap-e2e-${randomUUID().slice(0, 8)}`,
      NAAP_KAFKA_PORT: String(await freePort()),
      SECURED_PORT: String(await freePort()),
      SECURED_FOLDER: folder,
    });
    await run('./secrets.sh', { cwd: DEPLOY });
    await broker.#compose('up', '--detach', '--wait', 'kafka');
    // One mechanism of a user at a time.
    for (const bits of ['256', '512']) {
      await broker.#compose(
        ...['exec', '--no-TTY', 'kafka', '/opt/kafka/bin/kafka-run-class.sh'],
        ...['kafka.admin.ConfigCommand', '--bootstrap-server'],
        ...['localhost:9092', '--alter'],
        ...['--entity-type', 'users', '--entity-name', USER],
        ...['--add-config', `SCRAM-SHA-${bits}=[password=${PASSWORD}]`],
      );
    }
    return broker;
  }

  /** Where everybody gets in. */
  get open(): string {
    return `127.0.0.1:${this.env.NAAP_KAFKA_PORT}`;
  }

  get secured(): string {
    return `127.0.0.1:${this.env.SECURED_PORT}`;
  }

  /** File of the authority that its certificate is from. */
  get ca(): string {
    return join(this.folder, 'ca.pem');
  }

  /** The same broker with all that it has, at another address. */
  async move(port: number): Promise<void> {
    this.env.NAAP_KAFKA_PORT = String(port);
    await this.#compose('up', '--detach', '--wait', 'kafka');
  }

  async stop(): Promise<void> {
    await this.#compose('down', '--volumes');
    await rm(this.folder, { recursive: true });
  }

  #compose(...args: string[]) {
    return run('docker', ['compose', ...args], {
      cwd: DEPLOY,
      env: { ...process.env, ...this.env },
    });
  }
}
