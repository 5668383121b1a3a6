import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './command.ts';
import { until } from './waiting.ts';

/** A start takes seconds; on a machine that does much else, longer. */
const READY_PATIENCE_MS = 120_000;
/** Of the operator's CLI; all of them know it. */
export const OPERATOR = 'operator-token-0123456789';

/** Which portal: with fake layers (replica.ts), or the real one. */
export type Bundle = 'replica' | 'backend';

export function buildBundle(bundle: Bundle): void {
  execFileSync(process.execPath, [
    join(ROOT, 'packages/backend/build.mjs'),
    ...(bundle === 'replica' ? [join(ROOT, 'e2e/replica.ts'), bundle] : []),
  ]);
}

/** A portal in a process of its own. */
export class Replica {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it wrote to stderr. */
  said = '';

  /** @param configs - beside app-config.yaml, in e2e/ */
  constructor(
    folder: string,
    port: number,
    options: {
      bundle?: Bundle;
      configs?: string[];
      env?: Record<string, string>;
    } = {},
  ) {
    const { bundle = 'replica' } = options;
    this.url = `http://localhost:${port}`;
    const configs = (options.configs ?? []).map(name => `e2e/${name}`);
    this.process = spawn(
      process.execPath,
      [
        join(ROOT, `packages/backend/dist/${bundle}.cjs`),
        ...['app-config.yaml', ...configs].flatMap(name => [
          '--config',
          join(ROOT, name),
        ]),
      ],
      {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...process.env,
          LOG_LEVEL: 'error',
          NAAP_HOME: join(folder, String(port)),
          NAAP_JOURNAL: join(folder, 'journal'),
          NAAP_TOKEN: OPERATOR,
          NODE_ENV: 'production',
          PORT: String(port),
          ...options.env,
        },
      },
    );
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
      process.stderr.write(text);
    });
  }

  async isReady(): Promise<void> {
    await until(
      'a replica',
      async () => {
        assert.equal(this.process.exitCode, null, 'a replica ended');
        const url = `${this.url}/.backstage/health/v1/readiness`;
        const answer = await fetch(url).catch(() => undefined);
        return answer?.ok || undefined;
      },
      READY_PATIENCE_MS,
    );
  }

  ask(path: string, token: string, body?: object): Promise<Response> {
    return fetch(`${this.url}/api/naap/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
  }

  /** Signs in as guest; answers the token of the session. */
  async signIn(): Promise<string> {
    const answer = await fetch(`${this.url}/api/auth/guest/refresh`, {
      method: 'POST',
    });
    const session = (await answer.json()) as {
      backstageIdentity: { token: string };
    };
    return session.backstageIdentity.token;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode) return;
    this.process.kill(signal);
    await once(this.process, 'exit');
  }
}
