import { LakeWorker } from '@naap/lakehouse';
import { join, relative } from 'node:path';
import { totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { FailedError } from '../../errors';
import { readNaapConfig } from '../../naapConfig';
import { table } from '../../output';
import type { Places } from '../../places';
import { Progress } from '../../progress';
import type { Row, Runner, UpOptions, WorkOptions } from '../Runner';
import { applyDeclared } from './applyDeclared';
import { Compose, type Service } from './Compose';
import { readDistributedConfig } from './distributedConfig';
import { hasSourceVariable } from '../../up/simulator';
import { runWorker } from './runWorker';
import {
  type ServiceState,
  SIMULATOR,
  type Stack,
  stackOf,
  stateOf,
  TELLING,
} from './stack';

const LOOK_MS = 1_000;
const LOG_LINES = '8';
/** The limits of all services, and some room. */
const MEMORY_BYTES = 14 * 1024 ** 3;
/** `/healthz` of a service, asked where it runs: it is of that place alone. */
const ASK =
  "fetch('http://127.0.0.1:9180/healthz').then(r=>r.text()).then(console.log)";

const namesOf = (all: readonly { name: string }[]) => all.map(one => one.name);

const rowOf = ({ name, state, addresses }: ServiceState) => [
  name,
  state,
  addresses.join(', '),
];

const tableOf = (rows: string[][]) =>
  table(['service', 'state', 'address', 'tells'], rows);

async function statesOf(
  compose: Compose,
  services: readonly Service[],
): Promise<ServiceState[]> {
  const containers = await compose.containers();
  return services
    .filter(({ isOnce }) => !isOnce)
    .map(service => stateOf(service, containers));
}

/** @throws FailedError */
async function needEngine(compose: Compose): Promise<void> {
  try {
    await compose.script(
      'docker',
      'version',
      '--format',
      '{{.Server.Version}}',
    );
  } catch (error) {
    throw new FailedError(
      `no Docker engine answers, which the distributed profile needs (docs/distributed.md): ${
        (error as Error).message
      }`,
    );
  }
}

/** What those that are not well said last. */
async function lastWords(
  compose: Compose,
  services: readonly Service[],
): Promise<string> {
  const states = await statesOf(compose, services).catch(() => []);
  const words = states
    .filter(({ isWell, state }) => !isWell && state !== 'not started')
    .map(async ({ name, state }) => {
      const log = await compose
        .run('logs', '--no-log-prefix', '--tail', LOG_LINES, name)
        .catch(() => '');
      return `${name}: ${state}\n${log}`;
    });
  return (await Promise.all(words)).join('\n');
}

/** What a service of the platform tells of itself. */
async function tellOf(compose: Compose, name: string): Promise<string> {
  try {
    const text = await compose.run('exec', '-T', name, 'node', '-e', ASK);
    const { lag, counts, rounds, lastRound, published, until } = JSON.parse(
      text,
    ) as {
      lag?: Record<string, number>;
      counts?: { read: number };
      rounds?: number;
      lastRound?: string | null;
      published?: number;
      until?: string | null;
    };
    if (published !== undefined) {
      return `${published} messages since it started, up to ${until ?? '–'}`;
    }
    if (!lag) return `${rounds} rounds, the last ${lastRound ?? '–'}`;
    const behind = Object.values(lag).reduce((sum, one) => sum + one, 0);
    return `${counts?.read} messages since it started, ${behind} behind`;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/** Containers of `deploy/docker-compose.yml`, which run on without this process. */
export class DistributedRunner implements Runner {
  constructor(private readonly places: Places) {}

  async up({ simulate, eventsPerDay }: UpOptions): Promise<void> {
    const listener = new Progress();
    const compose = await this.#compose({
      NAAP_EVENTS_PER_DAY: String(eventsPerDay),
    });
    await needEngine(compose);
    await compose.script('./secrets.sh');
    const config = await this.#config();
    const { engines, ours, unneeded } = await this.#stack(compose, simulate);

    const built = [...engines, ...ours].filter(({ context }) => context);
    listener.done(`[1/4] images: ${namesOf(built).join(', ')}`);
    const folders = built.map(({ context }) =>
      relative(compose.folder, context!),
    );
    await compose.script('./fetch.sh', ...folders);
    await compose.run(
      'build',
      '--quiet',
      '--with-dependencies',
      ...namesOf(built),
    );

    listener.done(`[2/4] engines: ${namesOf(engines).join(', ')}`);
    await this.#start(compose, engines, listener);

    listener.done('[3/4] topics, tables, connectors');
    const drift = await applyDeclared(config, { check: false });
    for (const [what, { length }] of Object.entries(drift)) {
      if (length > 0) listener.done(`      ${what}: ${length} differences`);
    }

    listener.done(`[4/4] services: ${namesOf(ours).join(', ')}`);
    if (unneeded.length > 0) {
      await compose.run('rm', '--stop', '--force', ...namesOf(unneeded));
    }
    await this.#start(compose, ours, listener);
    const states = await statesOf(compose, [...engines, ...ours]);
    process.stdout.write(tableOf(states.map(one => [...rowOf(one), ''])));
    // As its pages call it.
    const url = config.portal.url.replace('127.0.0.1', 'localhost');
    process.stdout.write(`\n${url}\n`);
  }

  async down({ volumes }: { volumes: boolean }): Promise<void> {
    const compose = await this.#compose();
    await needEngine(compose);
    // Else compose misses the files of secrets that were never made.
    await compose.script('./secrets.sh');
    await compose.run('down', ...(volumes ? ['--volumes'] : []));
    process.stderr.write(
      volumes ? 'stopped, and all that it kept is removed\n' : 'stopped\n',
    );
  }

  work(options: WorkOptions): Promise<void> {
    return runWorker(this.places, options);
  }

  async status(): Promise<void> {
    const compose = await this.#compose();
    await needEngine(compose);
    const { engines, ours } = await this.#stack(compose);
    const states = await statesOf(compose, [...engines, ...ours]);
    if (states.every(({ state }) => state === 'not started')) {
      throw new FailedError(
        'nothing is running: ./naap up --profile distributed',
      );
    }
    const rows = states.map(async state => [
      ...rowOf(state),
      state.isWell && TELLING.includes(state.name)
        ? await tellOf(compose, state.name)
        : '',
    ]);
    process.stdout.write(tableOf(await Promise.all(rows)));
    const ill = states.filter(({ isWell }) => !isWell);
    if (ill.length > 0) {
      throw new FailedError(`not well: ${namesOf(ill).join(', ')}`);
    }
  }

  async apply(options: { check: boolean }) {
    return { ...(await applyDeclared(await this.#config(), options)) };
  }

  async doctor(row: Row): Promise<void> {
    const memory = totalmem();
    row(
      'memory',
      memory >= MEMORY_BYTES,
      `${(memory / 1024 ** 3).toFixed(1)} GiB of ${MEMORY_BYTES / 1024 ** 3}`,
    );
    const compose = await this.#compose();
    try {
      const version = await compose.run('version', '--short');
      await needEngine(compose);
      row('docker', true, `docker compose ${version.trim()}`);
    } catch (error) {
      row('docker', false, (error as Error).message);
      return;
    }
    const { engines, ours } = await this.#stack(compose);
    const states = await statesOf(compose, [...engines, ...ours]);
    if (states.every(({ state }) => state === 'not started')) {
      row('services', true, 'not running: ./naap up --profile distributed');
      // The first start gets jars with it.
      const maven = await compose.script('mvn', '-v').catch(() => null);
      row('maven', maven !== null, maven ? 'there' : 'apt-get install maven');
      return;
    }
    for (const { name, isWell, state } of states) row(name, isWell, state);
    await this.#doctorDeclared(row);
    await this.#doctorLake(row);
  }

  #config() {
    return readDistributedConfig(this.places.root, process.env);
  }

  async #compose(more: NodeJS.ProcessEnv = {}): Promise<Compose> {
    const { scraper = null } = await readNaapConfig(this.places.root);
    return new Compose(join(this.places.root, 'deploy'), {
      NAAP_SCRAPER: JSON.stringify(scraper),
      ...more,
    });
  }

  /** @param simulate - whether a network is simulated where no source is configured; without it, whether one is */
  async #stack(compose: Compose, simulate?: boolean): Promise<Stack> {
    const { lake } = await this.#config();
    const { ingestion, scraper } = await readNaapConfig(this.places.root);
    const hasSource =
      ingestion !== undefined ||
      scraper !== undefined ||
      hasSourceVariable(process.env);
    return stackOf(await compose.services(), {
      catalog: lake.catalog,
      scraper: scraper !== undefined,
      simulator:
        simulate === undefined
          ? (await compose.containers()).some(one => one.service === SIMULATOR)
          : simulate && !hasSource,
    });
  }

  /** Starts services, tells when each is well, and resolves when all are. */
  async #start(
    compose: Compose,
    services: readonly Service[],
    listener: Progress,
  ): Promise<void> {
    const told = new Set<string>();
    const tell = async () => {
      for (const { name, isWell, state } of await statesOf(compose, services)) {
        if (!isWell || told.has(name)) continue;
        told.add(name);
        listener.done(`      ${name}: ${state}`);
      }
    };
    const stop = new AbortController();
    const telling = (async () => {
      while (!stop.signal.aborted) {
        // The start itself says what went wrong.
        await tell().catch(() => {});
        await delay(LOOK_MS, undefined, { signal: stop.signal }).catch(
          () => {},
        );
      }
    })();
    // What only does something and ends is started by who needs it: waited for by itself it would be taken for broken.
    const lasting = namesOf(services.filter(({ isOnce }) => !isOnce));
    try {
      await compose.run('up', '--detach', '--wait', ...lasting);
    } catch (error) {
      throw new FailedError(
        `${(error as Error).message}\n${await lastWords(compose, services)}`,
      );
    } finally {
      stop.abort();
      await telling;
    }
    await tell();
  }

  async #doctorDeclared(row: Row): Promise<void> {
    try {
      const drift = await applyDeclared(await this.#config(), { check: true });
      const differences = Object.entries(drift).filter(
        ([, { length }]) => length > 0,
      );
      row(
        'declared',
        differences.length === 0,
        differences.length === 0
          ? 'topics, tables and connectors are what is declared'
          : `differ: ${differences
              .map(([what]) => what)
              .join(', ')} (./naap apply)`,
      );
    } catch (error) {
      row('declared', false, (error as Error).message);
    }
  }

  async #doctorLake(row: Row): Promise<void> {
    const worker = new LakeWorker();
    try {
      const { lake } = await this.#config();
      const { tables } = await worker.call<{
        tables: Record<string, { rows: number }>;
      }>('describe', { lake });
      const rows = Object.entries(tables).map(
        ([name, held]) => `${name} ${held.rows}`,
      );
      row('lake', true, `rows: ${rows.join(', ')}`);
    } catch (error) {
      row('lake', false, (error as Error).message);
    } finally {
      await worker.stop();
    }
  }
}
