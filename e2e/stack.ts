import { Kafka, logLevel } from 'kafkajs';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Home, type Ran, ROOT } from './command.ts';
import { freePort } from './waiting.ts';

const DEPLOY = join(ROOT, 'deploy');
export const TOOLS = process.env.NAAP_TOOLS ?? join(ROOT, '.tools');
export const PYTHON = join(TOOLS, 'venv/bin/python');

/** What the bronze tables hold, without the ways by which it came. */
export interface Bronze {
  /** JSON texts of rows, sorted. */
  events: string[];
  quarantine: string[];
  /** Rows that have coordinates of a source, and how many of these are different. */
  places: number;
  distinctPlaces: number;
  counts: Record<string, number>;
}

export interface LakeArgs {
  home: string;
  lake?: object;
}

/** Runs a program with a text as its input; answers what it printed. */
async function printed(
  command: string,
  args: string[],
  input: string,
  env: NodeJS.ProcessEnv,
  cwd = ROOT,
): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
  let text = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', more => (text += more));
  child.stderr.setEncoding('utf8').on('data', more => (said += more));
  child.stdin.end(input);
  const code = await new Promise(resolve => child.once('close', resolve));
  assert.equal(code, 0, `${command} ${args.join(' ')}: ${text}${said}`);
  return text;
}

export async function bronzeOf(args: LakeArgs): Promise<Bronze> {
  const text = await printed(
    PYTHON,
    [join(ROOT, 'e2e/lake_rows.py')],
    JSON.stringify(args),
    {
      PYTHONPATH: join(ROOT, 'packages/lakehouse/python'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  );
  return JSON.parse(text);
}

const docker = async (...args: string[]) =>
  (await promisify(execFile)('docker', args)).stdout.trim();

/** Park and Miller's: the same numbers in [0, 1) for the same seed. */
export function drawsOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

type Catalog = 'hive' | 'rest';

/** A whole stack of its own: containers, networks, volumes and ports. */
export class Stack {
  readonly home: Home;
  readonly env: Record<string, string>;

  private constructor(home: Home, env: Record<string, string>) {
    this.home = home;
    this.env = env;
  }

  /** `./naap up --profile distributed` from nothing. */
  static async up(catalog: Catalog): Promise<Stack> {
    const ports = [
      ...['KAFKA', 'CONNECT', 'S3', 'POSTGRES', 'METASTORE', 'NESSIE'],
      ...['TRINO', 'CLICKHOUSE', 'PORTAL'],
    ];
    const env: Record<string, string> = {
      NAAP_PROFILE: 'distributed',
      NAAP_STACK: `naap-e2e-${randomUUID().slice(0, 8)}`,
      NAAP_LAKE_CATALOG: catalog,
    };
    for (const name of ports) {
      env[`NAAP_${name}_PORT`] = String(await freePort());
    }
    const stack = new Stack(await Home.create(), env);
    const { code, stderr } = await stack.run(['up', '--no-simulate']);
    if (code !== 0) {
      await stack.down();
      assert.fail(`naap up ended with ${code}: ${stderr}`);
    }
    return stack;
  }

  get broker(): string {
    return `127.0.0.1:${this.env.NAAP_KAFKA_PORT}`;
  }

  /** The REST API of Kafka Connect. */
  get connect(): string {
    return `http://127.0.0.1:${this.env.NAAP_CONNECT_PORT}`;
  }

  /** Asks the portal's API, as the command does. */
  async ask(path: string): Promise<Response> {
    const token = await readFile(join(DEPLOY, 'secrets/portal_token'), 'utf8');
    const url = `http://127.0.0.1:${this.env.NAAP_PORTAL_PORT}/api/naap/v1${path}`;
    return fetch(url, { headers: { authorization: `Bearer ${token.trim()}` } });
  }

  /** How Trino is reached, as ops of the worker take it. */
  get trino() {
    const url = `http://127.0.0.1:${this.env.NAAP_TRINO_PORT}`;
    return { url, user: 'naap', catalog: 'lake' };
  }

  run(args: string[], input?: string): Promise<Ran> {
    return this.home.run(args, input, this.env);
  }

  /** Runs `./naap …`, expects exit code 0 and JSON on stdout. */
  async json<T>(args: string[], input?: string): Promise<T> {
    const { code, stdout, stderr } = await this.run(args, input);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as T;
  }

  /** How the lake is reached, as ops of the worker take it. */
  async lake(): Promise<LakeArgs> {
    const { NAAP_S3_PORT, NAAP_METASTORE_PORT, NAAP_NESSIE_PORT } = this.env;
    const secret = async (name: string) =>
      (await readFile(join(DEPLOY, 'secrets', name), 'utf8')).trim();
    const s3 = {
      endpoint: `http://127.0.0.1:${NAAP_S3_PORT}`,
      region: 'us-east-1',
      accessKeyId: await secret('s3_access_key'),
      secretAccessKey: await secret('s3_secret_key'),
    };
    const place =
      this.env.NAAP_LAKE_CATALOG === 'hive'
        ? {
            catalog: 'hive',
            uri: `thrift://127.0.0.1:${NAAP_METASTORE_PORT}`,
            warehouse: 's3://warehouse/naap',
          }
        : {
            catalog: 'rest',
            uri: `http://127.0.0.1:${NAAP_NESSIE_PORT}/iceberg`,
            warehouse: 'warehouse',
          };
    return { home: this.home.path, lake: { ...place, s3 } };
  }

  /** How many messages a topic has. */
  async messagesIn(topic: string): Promise<number> {
    const kafka = new Kafka({
      brokers: [this.broker],
      logLevel: logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    try {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.reduce((sum, { low, high }) => sum + +high - +low, 0);
    } finally {
      await admin.disconnect();
    }
  }

  /** Runs suites of Python that want what this stack has. */
  passesPython(...names: string[]): Promise<void> {
    const files = names.map(name => `packages/lakehouse/python/tests/${name}`);
    return this.#passes(PYTHON, [
      ...['-m', 'pytest', '-q', '-p', 'no:cacheprovider'],
      ...files,
    ]);
  }

  /** Runs suites of Jest that want what this stack has. */
  passesJest(...patterns: string[]): Promise<void> {
    return this.#passes(join(ROOT, 'node_modules/.bin/backstage-cli'), [
      ...['repo', 'test', '--watchAll=false', '--maxWorkers=1'],
      ...patterns,
    ]);
  }

  async #passes(command: string, args: string[]): Promise<void> {
    const { lake } = await this.lake();
    await printed(command, args, '', {
      NAAP_TEST_LAKE: JSON.stringify(lake),
      NAAP_TEST_TRINO: JSON.stringify(this.trino),
      NAAP_TEST_KAFKA: this.broker,
      NAAP_TEST_CONNECT: this.connect,
      NAAP_TOOLS: TOOLS,
      PYTHONPATH: join(ROOT, 'packages/lakehouse/python'),
      NODE_OPTIONS: '--no-node-snapshot',
    });
  }

  /**
   * Sends messages as a gateway does: keyed by their ids, up to 100 at once, one batch each `pauseMs`. A send that fails is tried again
   * until the broker is back.
   */
  async send(messages: string[], pauseMs = 0): Promise<void> {
    const kafka = new Kafka({
      brokers: [this.broker],
      logLevel: logLevel.NOTHING,
      retry: { retries: 60, initialRetryTime: 300, maxRetryTime: 5_000 },
    });
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    for (let first = 0; first < messages.length; first += 100) {
      await producer.send({
        topic: 'network_events',
        acks: -1,
        messages: messages.slice(first, first + 100).map(value => ({
          key: /"id":"([^"]*)"/.exec(value)?.[1] ?? null,
          value,
        })),
      });
      await delay(pauseMs);
    }
    await producer.disconnect();
  }

  /** A crash, which the restart policy mends, or a kill by hand, which somebody has to. */
  async kill(service: string, draw: () => number): Promise<void> {
    const container = await docker(
      ...['ps', '--all', '--quiet', '--no-trunc'],
      ...['--filter', `label=com.docker.compose.service=${service}`],
      ...[
        '--filter',
        `label=com.docker.compose.project=${this.env.NAAP_STACK}`,
      ],
    );
    if (draw() < 0.5) {
      const format = '{{.State.Pid}}';
      const pid = Number(await docker('inspect', '-f', format, container));
      // 0: it is just starting again.
      if (pid > 0) process.kill(pid, 'SIGKILL');
    } else {
      await docker('kill', container).catch(() => undefined);
      await delay(draw() * 5_000);
      await docker('start', container);
    }
  }

  /** Stops services, which others go on without. */
  async stop(...services: string[]): Promise<void> {
    const args = ['compose', 'stop', ...services];
    await printed('docker', args, '', this.env, DEPLOY);
  }

  /** Stops it, and removes all that it kept. */
  async down(): Promise<void> {
    await this.run(['down', '--volumes']);
    await this.home.remove();
  }
}
