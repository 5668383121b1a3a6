import { NaapClient, StepAnswer, StepId } from '@naap/plugin-naap-common';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FailedError } from './errors';

/** `run/portal.json` of a home, written by `naap up`. */
export interface PortalRecord {
  /** The process of `naap up`. */
  pid: number;
  /** The process of the portal, which ends when the other does. */
  backend: number;
  url: string;
  /** Token of this machine's CLI. */
  token: string;
}

export function portalFile(home: string): string {
  return join(home, 'run', 'portal.json');
}

/** Whether the process runs. One that has ended but that nobody has asked about yet (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    // No /proc on this system.
    return true;
  }
}

/** The API of a portal on this machine, with the CLI's token. */
export class RunningPortal {
  readonly client: NaapClient;

  constructor(readonly record: Omit<PortalRecord, 'backend'>) {
    this.client = new NaapClient({
      baseUrl: this.#url(''),
      fetch: (url, init) => fetch(url, { ...init, headers: this.#headers() }),
    });
  }

  /** Runs a step of the pipeline now and waits for it. */
  async runStep(step: StepId, options: object = {}): Promise<StepAnswer> {
    return this.#answer<StepAnswer>(
      await fetch(this.#url(`/steps/${step}`), {
        method: 'POST',
        headers: { ...this.#headers(), 'content-type': 'application/json' },
        body: JSON.stringify(options),
      }),
    );
  }

  /** Sends raw messages; answers their classes when they are durable. `source` only with the CLI's own token. */
  async sendEvents(
    body: Readable | Uint8Array,
    token = this.record.token,
    source?: string,
  ): Promise<Record<string, unknown>> {
    const request: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-ndjson',
      },
      body: body instanceof Readable ? toWebStream(body) : body,
      duplex: 'half',
    };
    const query = source === undefined ? '' : `?source=${source}`;
    return this.#answer(await fetch(this.#url(`/events${query}`), request));
  }

  /** Whether it answers. */
  async isReady(): Promise<boolean> {
    try {
      const url = `${this.record.url}/.backstage/health/v1/readiness`;
      return (await fetch(url)).ok;
    } catch {
      return false;
    }
  }

  #url(path: string): string {
    return `${this.record.url}/api/naap/v1${path}`;
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.record.token}` };
  }

  async #answer<T>(response: Response): Promise<T> {
    const text = await response.text();
    if (!response.ok) {
      throw new FailedError(
        `the portal at ${this.record.url} answered ${
          response.status
        }: ${messageOf(text)}`,
      );
    }
    return JSON.parse(text) as T;
  }
}

/** `fetch` takes a web stream; Node's type of it and the browser's are not the same. */
function toWebStream(readable: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>;
}

function messageOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: string } };
    return error?.message ?? body;
  } catch {
    return body.slice(0, 500);
  }
}

/** What the last `naap up` of a home wrote, or null when it ended well. */
export async function readPortalRecord(
  home: string,
): Promise<PortalRecord | null> {
  try {
    return JSON.parse(await readFile(portalFile(home), 'utf8')) as PortalRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The portal that owns the home now, or null. */
export async function findPortal(home: string): Promise<RunningPortal | null> {
  const record = await readPortalRecord(home);
  return record && isAlive(record.pid) ? new RunningPortal(record) : null;
}
