import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { DeadLetter, DeadLetters, TopicRangeNow } from '@naap/ingestion';
import {
  BRONZE_TABLES,
  type ConnectClient,
  ConnectError,
  connectorDrift,
  type DeclaredConnector,
  errorOf,
  type LakeCatalog,
  lagOf,
  Restarts,
  stateOf,
  tableOf,
  topicsOf,
} from '@naap/lakehouse';
import type {
  ConnectorAction,
  ConnectorInfo,
  ConnectorState,
  DeadLetterRow,
} from '@naap/plugin-naap-common';
import type { Connectors } from '@naap/plugin-naap-node';
import { setTimeout as delay } from 'node:timers/promises';

/** Several who look at once, and the page that asks every few seconds, are one question. */
const FRESH_MS = 2_000;
/** Who does not answer in so long is left out of an answer. */
const PATIENCE_MS = 10_000;

/** Topics of a cluster, as far as connectors are looked at. */
export interface ConnectTopics {
  ranges(topics: readonly string[]): Promise<TopicRangeNow[]>;
  deadLetters(limit: number): Promise<DeadLetters>;
}

export interface KafkaConnectOptions {
  client: ConnectClient;
  declared: readonly DeclaredConnector[];
  /** Undefined where the brokers are not configured: lag and dead letters are not known. */
  topics?: ConnectTopics;
  /** Of the lake that the connectors write; undefined where it is not configured. */
  catalog?: Pick<LakeCatalog, 'snapshot'>;
  logger: Pick<LoggerService, 'warn'>;
}

/** Undefined: who is asked can't tell, which is kept as a problem; or nobody is there to be asked. */
type Asked = <T>(
  who: string,
  ask: Promise<T> | undefined,
) => Promise<T | undefined>;

type List = Awaited<ReturnType<Connectors['list']>>;

/** The declared connectors, as Kafka Connect, the brokers and the lake tell of them. */
export class KafkaConnect implements Connectors {
  readonly #restarts: Restarts;
  #newest: Promise<List> | undefined;

  constructor(private readonly options: KafkaConnectOptions) {
    this.#restarts = new Restarts(options.client, (name, error) =>
      options.logger.warn(`Connector ${name} failed, starts anew: ${error}`),
    );
  }

  get declared(): readonly DeclaredConnector[] {
    return this.options.declared;
  }

  list(): Promise<List> {
    if (this.#newest) return this.#newest;
    const look = this.#look();
    this.#newest = look;
    look.finally(() => {
      setTimeout(() => this.#forget(look), FRESH_MS).unref();
    });
    return look;
  }

  async change(connector: string, action: ConnectorAction): Promise<void> {
    const { client, declared } = this.options;
    if (!declared.some(({ name }) => name === connector)) {
      const names = declared.map(({ name }) => name).join(', ');
      throw new NotFoundError(
        `There is no connector '${connector}'; there are ${names}`,
      );
    }
    try {
      await client[action](connector);
    } catch (error) {
      throw unavailable(error);
    }
    this.#forget(this.#newest);
  }

  async deadLetters(limit: number) {
    const { topics } = this.options;
    if (!topics) {
      throw new ServiceUnavailableError(
        'naap.kafka is not configured: dead letters are not known',
      );
    }
    try {
      const { total, letters } = await topics.deadLetters(limit);
      return { total, rows: letters.map(rowOf) };
    } catch (error) {
      throw new ServiceUnavailableError(`Kafka: ${(error as Error).message}`);
    }
  }

  /** Starts what failed anew; called by the clock. What can't be asked is told, and asked again the next time. */
  async keep(): Promise<void> {
    const { declared, logger } = this.options;
    try {
      await this.#restarts.look(declared.map(({ name }) => name));
    } catch (error) {
      logger.warn(`Connectors can't be looked at: ${error}`);
    }
  }

  #forget(look: Promise<List> | undefined): void {
    if (this.#newest === look) this.#newest = undefined;
  }

  async #look(): Promise<List> {
    const { declared, topics } = this.options;
    const problems = new Set<string>();
    const asked: Asked = async (who, ask) => {
      try {
        return await (ask && inTime(who, ask));
      } catch (error) {
        problems.add((error as Error).message);
        return undefined;
      }
    };
    const read = declared.flatMap(({ config }) => topicsOf(config));
    const [ranges, letters] = await Promise.all([
      asked('Kafka', topics?.ranges(read)),
      asked('Kafka', topics?.deadLetters(0)),
    ]);
    const rows = await Promise.all(
      declared.map(connector => this.#row(connector, ranges, asked)),
    );
    return {
      rows,
      deadLetters: letters?.total ?? null,
      problems: [...problems],
    };
  }

  async #row(
    connector: DeclaredConnector,
    ranges: readonly TopicRangeNow[] | undefined,
    asked: Asked,
  ): Promise<ConnectorInfo> {
    const { client, catalog } = this.options;
    const { name, config } = connector;
    const topics = topicsOf(config);
    const table = tableOf(config);
    const bronze = BRONZE_TABLES.find(one => table === `bronze.${one}`);
    const [status, offsets, drift, snapshot] = await Promise.all([
      asked('Kafka Connect', client.status(name)),
      asked('Kafka Connect', client.offsets(name)),
      asked('Kafka Connect', connectorDrift(client, [connector])),
      asked('The lake', bronze && catalog?.snapshot(bronze)),
    ]);
    const own = ranges?.filter(({ topic }) => topics.includes(topic));
    return {
      name,
      topics,
      table,
      state: wordOf(status),
      error: errorOf(status ?? null),
      lag: offsets && own ? lagOf(offsets, own) : null,
      committedAt: snapshot?.committedAt ?? null,
      drift: (drift ?? []).map(({ what, is, should }) => ({
        what,
        is,
        should,
      })),
    };
  }
}

async function inTime<T>(who: string, ask: Promise<T>): Promise<T> {
  const late = delay(PATIENCE_MS, undefined, { ref: false }).then(() => {
    throw new Error(`${who} has not answered in ${PATIENCE_MS / 1000} s`);
  });
  return Promise.race([ask, late]);
}

/** @param status - undefined: Connect does not answer */
function wordOf(
  status: Parameters<typeof stateOf>[0] | undefined,
): ConnectorState {
  if (status === undefined) return 'unknown';
  const state = stateOf(status);
  return state === null ? 'missing' : (state.toLowerCase() as ConnectorState);
}

function unavailable(error: unknown): unknown {
  return error instanceof ConnectError
    ? new ServiceUnavailableError(error.message, error)
    : error;
}

function rowOf({
  offset,
  at,
  source,
  head,
  length,
  ...letter
}: DeadLetter): DeadLetterRow {
  return {
    ...letter,
    offset: `${offset}`,
    at: new Date(at).toISOString(),
    source: source && { ...source, offset: `${source.offset}` },
    raw_base64: head.toString('base64'),
    raw_length: length,
  };
}
