import {
  type IngestAnswer,
  NaapClient,
  type Run,
  type RunLogLine,
  type StepArguments,
  type StepId,
} from '@naap/plugin-naap-common';
import type { Format } from '@naap/ingestion';
import { setTimeout as delay } from 'node:timers/promises';
import { FailedError } from '../../errors';
import { printable } from '../../output';
import type { Listener } from '../Platform';
import { currentRecord, type PortalRecord } from './portalRecord';

const RECONNECT_MS = 1_000;

/** An answer of the portal that is none of success. */
export class PortalError extends FailedError {
  constructor(
    message: string,
    readonly status: number,
    /** When it wants to be asked again; 0 when it did not say. */
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

export interface SendOptions {
  /** Of a source; without it that of this machine's CLI. */
  token?: string;
  /** Who brings the messages; only with the CLI's own token. */
  source?: string;
  /** What the body is; without it its first bytes tell. */
  format?: Format;
  /** Names the body, so that it is counted once when it is sent again. */
  key?: string;
  signal?: AbortSignal;
}

/** The API of a portal on this machine, with the CLI's token. */
export class RunningPortal {
  readonly client: NaapClient;

  constructor(readonly record: Pick<PortalRecord, 'url' | 'token'>) {
    this.client = new NaapClient({
      baseUrl: this.#url(''),
      fetch: (url, init) =>
        fetch(url, {
          ...init,
          headers: { ...init?.headers, ...this.#headers() },
        }),
    });
  }

  /** Whether a module of the portal brings the step. */
  async hasStep(step: StepId): Promise<boolean> {
    try {
      const { rows } = await this.client.steps();
      return rows.some(({ id }) => id === step);
    } catch (error) {
      throw new FailedError(
        `the portal at ${
          this.record.url
        } does not say whether it has '${step}': ${reasonOf(error)}`,
      );
    }
  }

  /**
   * Asks for a run of a step, shows its log while it waits for the end, and answers what the step reports of itself.
   *
   * @throws FailedError when it does not end well
   */
  async runStep(
    step: StepId,
    args: StepArguments,
    listener: Pick<Listener, 'update'>,
  ): Promise<Record<string, unknown>> {
    let run: Run;
    try {
      const { id } = await this.client.startRun({ step, arguments: args });
      run = await this.#ended(id, message =>
        listener.update(`${step}: ${printable(message)}`),
      );
    } catch (error) {
      throw new FailedError(
        `the portal at ${this.record.url} does not run '${step}': ${reasonOf(
          error,
        )}`,
      );
    }
    if (run.state !== 'succeeded') {
      throw new FailedError(
        `run ${run.id} of '${step}' ended as ${run.state}: ${run.error}`,
      );
    }
    return run.details ?? {};
  }

  /**
   * Sends raw messages; answers their classes when they are durable.
   *
   * @throws PortalError when it does not take them, and what `fetch` throws when there is no answer
   */
  async sendEvents(
    body: Uint8Array,
    options: SendOptions = {},
  ): Promise<IngestAnswer> {
    const { token = this.record.token, source, format, key, signal } = options;
    const query = new URLSearchParams();
    if (source !== undefined) query.set('source', source);
    if (format !== undefined) query.set('format', format);
    const search = query.size > 0 ? `?${query}` : '';
    const response = await fetch(this.#url(`/events${search}`), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-ndjson',
        'content-encoding': 'identity',
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body,
      signal,
    });
    return this.#answer(response);
  }

  /** Whether it answers. */
  async isReady(): Promise<boolean> {
    try {
      return (await fetch(this.#at('/.backstage/health/v1/readiness'))).ok;
    } catch {
      return false;
    }
  }

  /** The run when it has ended. A connection that breaks after it was good is made once more. */
  async #ended(id: string, onMessage: (message: string) => void): Promise<Run> {
    const seen: { run?: Run; line: number; any: boolean } = {
      line: 0,
      any: false,
    };
    const listener = {
      onLine: ({ seq, message }: RunLogLine) => {
        seen.line = seq;
        onMessage(message);
      },
      onRun: (run: Run) => {
        seen.run = run;
        seen.any = true;
      },
    };
    for (;;) {
      seen.any = false;
      try {
        await this.client.followRun(id, listener, { after: seen.line });
      } catch (error) {
        if (!seen.any) throw error;
      }
      if (seen.run?.finishedAt) return seen.run;
      await delay(RECONNECT_MS);
    }
  }

  #url(path: string): string {
    return this.#at(`/api/naap/v1${path}`);
  }

  /** By the address that the portal listens on: `localhost` may also be ::1, where another program may wait for the token. */
  #at(path: string): string {
    const { port } = new URL(this.record.url);
    return `http://127.0.0.1:${port}${path}`;
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.record.token}` };
  }

  async #answer<T>(response: Response): Promise<T> {
    const text = await response.text();
    if (!response.ok) {
      const { status, headers } = response;
      throw new PortalError(
        `the portal at ${this.record.url} answered ${status}: ${messageOf(
          text,
        )}`,
        status,
        Number(headers.get('retry-after')) || 0,
      );
    }
    return JSON.parse(text) as T;
  }
}

/** What the API said was wrong, or why there was no answer. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & {
    cause?: { message?: string; code?: string };
  };
  return cause?.message || cause?.code || message;
}

function messageOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: string } };
    return error?.message ?? body;
  } catch {
    return body.slice(0, 500);
  }
}

/** The portal that owns the home now, or null. */
export async function findPortal(home: string): Promise<RunningPortal | null> {
  const record = await currentRecord(home);
  return record && new RunningPortal(record);
}
