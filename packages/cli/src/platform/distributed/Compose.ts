import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FailedError } from '../../errors';

const LAST_LINES = 15;

/** A program could not be started, or ended with an error; the message has its last lines. */
export class ComposeError extends FailedError {
  override name = 'ComposeError';
}

/** A service as `docker-compose.yml` has it. */
export interface Service {
  name: string;
  /** Folder of its image, if it is made here. */
  context: string | null;
  /** It does something and ends. */
  isOnce: boolean;
}

/** A container of a service as it is. */
export interface Container {
  service: string;
  /** `running`, `exited`, `restarting`, … */
  state: string;
  /** `healthy`, `starting`, `unhealthy`; empty where nobody looks. */
  health: string;
  exitCode: number;
  /** `127.0.0.1:9094`, of each port that this machine has of it. */
  addresses: string[];
}

interface ConfigAnswer {
  services: Record<
    string,
    {
      build?: { context: string };
      restart?: string;
      image?: string;
      scale?: number;
    }
  >;
}

interface ContainerAnswer {
  Service: string;
  State: string;
  Health: string;
  ExitCode: number;
  Publishers: { URL: string; PublishedPort: number }[] | null;
}

/** The answer of `docker compose config --format json`, without what is there only on request (`--scale`). */
export function servicesOf(json: string): Service[] {
  const { services } = JSON.parse(json) as ConfigAnswer;
  return Object.entries(services)
    .filter(([, { scale }]) => scale !== 0)
    .map(([name, { build, restart }]) => ({
      name,
      context: build?.context ?? null,
      isOnce: restart !== 'unless-stopped',
    }));
}

/** The answer of `docker compose ps --all --format json`: an object a line. */
export function containersOf(lines: string): Container[] {
  return lines
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const answer = JSON.parse(line) as ContainerAnswer;
      return {
        service: answer.Service,
        state: answer.State,
        health: answer.Health,
        exitCode: answer.ExitCode,
        addresses: (answer.Publishers ?? [])
          .filter(({ PublishedPort: port }) => port > 0)
          .map(({ URL: host, PublishedPort: port }) => `${host}:${port}`),
      };
    });
}

/** `docker compose` and the scripts of `deploy`. */
export class Compose {
  constructor(
    /** The folder of `docker-compose.yml`. */
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Runs `docker compose …`; resolves with what it printed.
   *
   * @throws ComposeError
   */
  run(...args: string[]): Promise<string> {
    // Also what only a profile of compose has.
    return this.script('docker', 'compose', '--profile', '*', ...args);
  }

  /** @throws ComposeError */
  async script(command: string, ...args: string[]): Promise<string> {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      printed += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      said = (said + text).slice(-100_000);
    });
    const what = [command, ...args].join(' ');
    const [code] = await once(child, 'close').catch(error => {
      throw new ComposeError(`${what}: ${error.message}`, { cause: error });
    });
    if (code === 0) return printed;
    const lines = `${printed}${said}`.trim().split('\n').slice(-LAST_LINES);
    throw new ComposeError(`${what} ended with ${code}:\n${lines.join('\n')}`);
  }

  async services(): Promise<Service[]> {
    return servicesOf(await this.run('config', '--format', 'json'));
  }

  async containers(): Promise<Container[]> {
    return containersOf(await this.run('ps', '--all', '--format', 'json'));
  }
}
