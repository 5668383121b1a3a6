#!/usr/bin/env node
/**
 * A throwaway PostgreSQL for tests, from the installed Debian package: its own folder, a free port of this machine, gone
 * after it was stopped. `node scripts/postgres.mjs COMMAND…` runs a command with it, such as one package's tests.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PACKAGES = '/usr/lib/postgresql';
const READY_PATIENCE_MS = 30_000;

/** Where Backstage's `TestDatabases` looks for it. */
export const CONNECTION_VARIABLE =
  'BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING';

/** The folder of the newest installed PostgreSQL's programs, or undefined. */
export function findPostgres() {
  try {
    const [newest] = readdirSync(PACKAGES).sort((a, b) => b - a);
    return newest && join(PACKAGES, newest, 'bin');
  } catch {
    return undefined;
  }
}

/** Starts one. Answers `{ url, stop }`. */
export async function startPostgres() {
  const bin = findPostgres();
  if (!bin) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'naap-postgres-'));
  const user = unprivilegedUser();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder, stdio: 'ignore' };
  const data = join(folder, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    options,
  );
  const port = await freePort();
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'],
    options,
  );
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const isReady = () =>
    spawnSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)])
      .status === 0;
  const deadline = Date.now() + READY_PATIENCE_MS;
  while (!isReady()) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error('PostgreSQL did not start');
    }
    await delay(100);
  }
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, stop };
}

/** PostgreSQL refuses to run as root; its Debian package brings a user. */
function unprivilegedUser() {
  if (process.getuid() !== 0) return {};
  const id = flag =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command, ...args] = process.argv.slice(2);
  const postgres = await startPostgres();
  try {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, [CONNECTION_VARIABLE]: postgres.url },
    });
    [process.exitCode] = await once(child, 'exit');
  } finally {
    await postgres.stop();
  }
}
