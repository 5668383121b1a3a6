import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** An empty NAAP_HOME and the real command on it. */
export class Home {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<Home> {
    return new Home(await mkdtemp(join(tmpdir(), 'naap-home-')));
  }

  /** One on a folder that somebody else makes and removes. */
  static at(path: string): Home {
    return new Home(path);
  }

  /** Runs `./naap …` to its end. */
  async run(
    args: string[],
    input?: string | Buffer,
    env: NodeJS.ProcessEnv = {},
  ): Promise<Ran> {
    const child = this.start(args, env);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', data => (stdout += data));
    child.stderr?.on('data', data => (stderr += data));
    const code = await new Promise<number | null>(resolve =>
      child.once('close', resolve),
    );
    return { code, stdout, stderr };
  }

  /** Runs `./naap …`, expects exit code 0 and JSON on stdout. */
  async json<T>(args: string[], input?: string | Buffer): Promise<T> {
    const ran = await this.run(args, input);
    if (ran.code !== 0) {
      throw new Error(
        `naap ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`,
      );
    }
    return JSON.parse(ran.stdout) as T;
  }

  start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(join(ROOT, 'naap'), args, {
      cwd: ROOT,
      env: { ...process.env, NAAP_HOME: this.path, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
