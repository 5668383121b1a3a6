import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Home } from './command.ts';
import { freePort } from './waiting.ts';

/** `NODE_ENV` of the portal: who may do what depends on it. */
export type Mode = 'production' | 'development';

/** Who asks: this machine's CLI, a guest of the portal, a source of events, or somebody without a token. */
export type Asker = 'cli' | 'guest' | 'source' | 'nobody';

export interface Question {
  as?: Asker;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | ReadableStream<Uint8Array>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
}

export interface Counts {
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  reasons: Record<string, number>;
}

/** What `naap up` writes of itself. */
export interface PortalRecord {
  pid: number;
  backend: number;
  url: string;
  token: string;
}

const SOURCE_TOKEN = 'a-source-that-nobody-knows';
/** How long a sender goes on while the portal says that it has too much to do. */
const BUSY_PATIENCE_MS = 60_000;

/** JSON of an answer. */
export function jsonOf<T>({ body }: Answer): T {
  return JSON.parse(body.toString('utf8')) as T;
}

/** A real portal by the real `naap up`, with one source of events and no simulated network. */
export class Portal {
  readonly home: Home;
  readonly record: PortalRecord;
  #guest: string | undefined;

  private constructor(home: Home, record: PortalRecord) {
    this.home = home;
    this.record = record;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param config - more of the configuration, by path: `naap_scraper`
   */
  static async up(
    home: Home,
    mode: Mode,
    config: Record<string, unknown> = {},
  ): Promise<Portal> {
    const port = String(await freePort());
    const up = await home.run(
      ['up', '--detach', '--port', port, '--no-simulate'],
      '',
      portalEnvironment(mode, config),
    );
    assert.equal(up.code, 0, up.stderr);
    return Portal.of(home);
  }

  /** The one that is up on a home. */
  static async of(home: Home): Promise<Portal> {
    return new Portal(home, await recordOf(home));
  }

  /** Stops it; the home stays. */
  async down(): Promise<void> {
    const down = await this.home.run(['down']);
    assert.equal(down.code, 0, down.stderr);
  }

  /** Asks any path of the portal. */
  async ask(path: string, question: Question = {}): Promise<Answer> {
    const { as = 'cli', body, headers, method } = question;
    const token = await this.#tokenOf(as);
    const init: RequestInit & { duplex: 'half' } = {
      method,
      body: body as BodyInit,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      duplex: 'half',
    };
    const response = await fetch(`${this.record.url}${path}`, init);
    return {
      status: response.status,
      headers: response.headers,
      body: Buffer.from(await response.arrayBuffer()),
    };
  }

  /** Asks the API, such as `/kpis`. */
  api(path: string, question: Question = {}): Promise<Answer> {
    return this.ask(`/api/naap/v1${path}`, question);
  }

  /** JSON of an answer of the API that has to be 200. */
  async get<T>(path: string, as: Asker = 'cli'): Promise<T> {
    const answer = await this.api(path, { as });
    assert.equal(
      answer.status,
      200,
      `GET ${path.slice(0, 200)}: ${answer.body.toString().slice(0, 500)}`,
    );
    return jsonOf<T>(answer);
  }

  /** Brings messages, again while the portal says that it is busy. */
  async push(
    body: string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Counts> {
    const deadline = Date.now() + BUSY_PATIENCE_MS;
    for (;;) {
      const answer = await this.bring(body, headers);
      if (answer.status === 503 && Date.now() < deadline) {
        await delay(1000 * Number(answer.headers.get('retry-after') ?? 1));
        continue;
      }
      assert.equal(answer.status, 200, answer.body.toString().slice(0, 500));
      return jsonOf<Counts>(answer);
    }
  }

  /** Brings messages once, whatever the answer is. */
  bring(
    body: string | Uint8Array | ReadableStream<Uint8Array>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.api('/events', {
      as: 'source',
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-ndjson', ...headers },
    });
  }

  /** Runs steps to their end; by default all that was brought is served after them. */
  async run(...steps: string[]): Promise<void> {
    const all = steps.length > 0 ? steps : ['commit', 'build', 'sync'];
    for (const step of all) {
      const ran = await this.api(`/steps/${step}`, { method: 'POST' });
      assert.equal(ran.status, 200, `${step}: ${ran.body.toString()}`);
    }
  }

  async #tokenOf(as: Asker): Promise<string | undefined> {
    switch (as) {
      case 'cli':
        return this.record.token;
      case 'source':
        return SOURCE_TOKEN;
      case 'guest':
        this.#guest ??= await this.#signIn();
        return this.#guest;
      default:
        return undefined;
    }
  }

  async #signIn(): Promise<string> {
    const answer = await this.ask('/api/auth/guest/refresh', {
      as: 'nobody',
      method: 'POST',
    });
    assert.equal(answer.status, 200, answer.body.toString());
    return jsonOf<{ backstageIdentity: { token: string } }>(answer)
      .backstageIdentity.token;
  }
}

/** The environment of an `up` in this mode; Backstage reads configuration from variables too. */
export function portalEnvironment(
  mode: Mode,
  config: Record<string, unknown> = {},
): NodeJS.ProcessEnv {
  const all = {
    naap_ingestion_sources: [{ name: 'attacker', token: SOURCE_TOKEN }],
    ...config,
  };
  return {
    NODE_ENV: mode,
    ...Object.fromEntries(
      Object.entries(all).map(([path, value]) => [
        `APP_CONFIG_${path}`,
        JSON.stringify(value),
      ]),
    ),
  };
}

export async function recordOf(home: Home): Promise<PortalRecord> {
  const path = join(home.path, 'run', 'portal.json');
  return JSON.parse(await readFile(path, 'utf8')) as PortalRecord;
}
