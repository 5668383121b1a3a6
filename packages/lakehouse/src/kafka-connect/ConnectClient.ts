import { setTimeout as delay } from 'node:timers/promises';

/** Who looks waits for the answer; a connector that is new is checked first, which loads its classes. */
const TIMEOUTS_MS = { look: 5_000, change: 30_000 };
/** So long its workers may take to agree anew on who runs what. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Settings of a connector by their names; secrets are references: `${dir:/run/secrets:s3_secret_key}`. */
export type ConnectorConfig = Readonly<Record<string, string>>;

/** What Connect calls the state of a connector or task. `UNASSIGNED`: no worker has it just now. */
export type ConnectState =
  | 'RUNNING'
  | 'PAUSED'
  | 'STOPPED'
  | 'FAILED'
  | 'UNASSIGNED'
  | 'RESTARTING';

export interface ConnectTask {
  id: number;
  state: ConnectState;
  /** What it failed of, with the stack; null while it has not. */
  trace: string | null;
}

export interface ConnectorStatus {
  state: ConnectState;
  /** Of the connector itself, which only plans tasks. */
  trace: string | null;
  tasks: ConnectTask[];
}

/** How far a connector is in a partition: all before `offset` is in files that it has told its coordinator of. */
export interface ConnectorOffset {
  topic: string;
  partition: number;
  offset: bigint;
}

/** Connect can't be reached, or refuses. */
export class ConnectError extends Error {
  readonly name = 'ConnectError';

  constructor(
    message: string,
    /** What it answered with; undefined: nothing. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface StatusAnswer {
  connector: { state: ConnectState; trace?: string };
  tasks: { id: number; state: ConnectState; trace?: string }[];
}

interface OffsetsAnswer {
  offsets: {
    partition: { kafka_topic: string; kafka_partition: number };
    /** Null once it was reset. */
    offset: { kafka_offset: number } | null;
  }[];
}

/** While the workers agree anew a change is refused by 409, and a question about what was just changed by 500 and these words. */
const isRebalancing = ({ status, message }: ConnectError): boolean =>
  status === 409 || (status === 500 && message.includes('rebalance'));

/** The REST API of Kafka Connect, as far as the platform uses it. */
export class ConnectClient {
  readonly #url: string;

  /** @param url - `http://host:port` of any of its workers */
  constructor(url: string) {
    this.#url = url.endsWith('/') ? url.slice(0, -1) : url;
  }

  /** Of all connectors. */
  async names(): Promise<string[]> {
    return (await this.#ask('/connectors', 'GET')) as string[];
  }

  /** Null: there is no such connector. */
  config(name: string): Promise<ConnectorConfig | null> {
    return this.#find(`/connectors/${encodeURIComponent(name)}/config`);
  }

  /** Makes the connector, or changes it to exactly these settings. */
  async configure(name: string, config: ConnectorConfig): Promise<void> {
    const { name: _, ...settings } = config;
    await this.#change('PUT', name, '/config', settings);
  }

  /** Null: there is no such connector, or nobody has started it yet. */
  async status(name: string): Promise<ConnectorStatus | null> {
    const answer = await this.#find<StatusAnswer>(
      `/connectors/${encodeURIComponent(name)}/status`,
    );
    return (
      answer && {
        state: answer.connector.state,
        trace: answer.connector.trace ?? null,
        tasks: answer.tasks.map(({ id, state, trace }) => ({
          id,
          state,
          trace: trace ?? null,
        })),
      }
    );
  }

  /** None of a partition that it has not come to yet. */
  async offsets(name: string): Promise<ConnectorOffset[]> {
    const answer = await this.#find<OffsetsAnswer>(
      `/connectors/${encodeURIComponent(name)}/offsets`,
    );
    return (answer?.offsets ?? []).flatMap(({ partition, offset }) =>
      offset
        ? {
            topic: partition.kafka_topic,
            partition: partition.kafka_partition,
            offset: BigInt(offset.kafka_offset),
          }
        : [],
    );
  }

  /** Its tasks stop reading, and stay where they are. */
  pause(name: string): Promise<void> {
    return this.#change('PUT', name, '/pause');
  }

  resume(name: string): Promise<void> {
    return this.#change('PUT', name, '/resume');
  }

  /** Starts it and its tasks anew. */
  restart(name: string, { onlyFailed = false } = {}): Promise<void> {
    const query = `includeTasks=true&onlyFailed=${onlyFailed}`;
    return this.#change('POST', name, `/restart?${query}`);
  }

  async #change(
    method: string,
    name: string,
    path: string,
    body?: object,
  ): Promise<void> {
    const whole = `/connectors/${encodeURIComponent(name)}${path}`;
    await this.#askOnceAgreed(whole, method, body);
  }

  async #askOnceAgreed(
    path: string,
    method: string,
    body?: object,
  ): Promise<unknown> {
    for (const waitMs of WAITS_MS) {
      try {
        return await this.#ask(path, method, body);
      } catch (error) {
        if (!isRebalancing(error as ConnectError)) throw error;
        await delay(waitMs);
      }
    }
    return this.#ask(path, method, body);
  }

  async #find<T>(path: string): Promise<T | null> {
    try {
      return (await this.#askOnceAgreed(path, 'GET')) as T;
    } catch (error) {
      if ((error as ConnectError).status === 404) return null;
      throw error;
    }
  }

  async #ask(path: string, method: string, body?: object): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#url}${path}`, {
        method,
        headers: body && { 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(
          TIMEOUTS_MS[method === 'GET' ? 'look' : 'change'],
        ),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = (cause as Error | undefined)?.message || message;
      throw new ConnectError(
        `Kafka Connect at ${this.#url} can't be reached: ${reason}`,
        undefined,
        { cause: error },
      );
    }
    if (response.ok) return text ? JSON.parse(text) : null;
    throw new ConnectError(
      `Kafka Connect answers ${
        response.status
      } to ${method} ${path}: ${messageOf(text)}`,
      response.status,
    );
  }
}

/** What it says of an error, in its own words. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text);
    if (typeof message === 'string') return message;
  } catch {
    // Not from Connect, such as a proxy before it.
  }
  return text.slice(0, 200);
}
