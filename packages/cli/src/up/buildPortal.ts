import { exclusively, FileLocks } from '@naap/system';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FailedError } from '../errors';

/** What the frontend is made of: a change in any of it makes a new build. */
const FRONTEND_SOURCES = [
  'packages/app/src',
  'packages/app/public',
  'packages/app/package.json',
  'packages/serving/src/contract',
  'plugins/naap/src',
  'plugins/naap-common/src',
  'app-config.yaml',
  'package-lock.json',
];

/** Another build of the same checkout takes a minute or two on a slow machine. */
const BUILD_PATIENCE_MS = 10 * 60_000;

/** Name of the command that builds; for `naap up`, not for people. */
export const BUILD_COMMAND = 'build-portal';

/**
 * Builds the portal, by a process of its own: when this one is killed that goes on to its end, and whoever starts next
 * waits for it instead of building into the same folders.
 */
export async function buildPortal(say: (text: string) => void): Promise<void> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, process.argv[1], BUILD_COMMAND],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  createInterface({ input: child.stderr }).on('line', say);
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new FailedError('the portal does not build; see above');
  }
}

/**
 * Bundles the backend (a moment) and builds the frontend (half a minute, only when its sources changed).
 *
 * @throws FailedError with the last lines of what the build said
 */
export async function buildHere(
  root: string,
  say: (text: string) => void,
): Promise<void> {
  await exclusively(
    new FileLocks(join(root, 'node_modules')),
    '.naap-portal',
    { what: `The build of ${root}`, waitMs: BUILD_PATIENCE_MS },
    () => build(root, say),
  );
}

async function build(root: string, say: (text: string) => void): Promise<void> {
  const stampFile = join(root, 'packages/app/dist/.naap-stamp');
  const stamp = await fingerprint(root, FRONTEND_SOURCES);
  const built = await readFile(stampFile, 'utf8').catch(() => null);
  if (built !== stamp) {
    say('building the pages (the first time only)');
    await run(root, 'packages/app', [
      join(root, 'node_modules/.bin/backstage-cli'),
      'package',
      'build',
    ]);
    await writeFile(stampFile, stamp);
  }
  await bundleBackend(root);
}

/**
 * Bundles the backend, whole or as before, also where another start does.
 *
 * @throws FailedError
 */
export function bundleBackend(root: string): Promise<void> {
  return run(root, '.', [join(root, 'packages/backend/build.mjs')]);
}

async function fingerprint(root: string, paths: string[]): Promise<string> {
  const hash = createHash('sha256');
  const visit = async (path: string): Promise<void> => {
    const info = await stat(join(root, path));
    if (info.isDirectory()) {
      for (const name of (await readdir(join(root, path))).sort()) {
        await visit(join(path, name));
      }
    } else if (!path.includes('.test.')) {
      hash.update(path).update(await readFile(join(root, path)));
    }
  };
  for (const path of paths) await visit(path);
  return hash.digest('hex');
}

async function run(
  root: string,
  folder: string,
  args: string[],
): Promise<void> {
  const tools = process.env.NAAP_TOOLS ?? join(root, '.tools');
  await mkdir(tools, { recursive: true });
  const logFile = join(tools, 'portal-build.log');
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, args, {
    cwd: join(root, folder),
    stdio: ['ignore', log, log],
    // The configuration is read for the schema only; its variables must be there.
    env: {
      ...process.env,
      NAAP_ROOT: root,
      NAAP_HOME: root,
      NAAP_TOKEN: 'none',
    },
  });
  const code = await new Promise(resolve => child.once('exit', resolve));
  if (code !== 0) {
    const tail = (await readFile(logFile, 'utf8'))
      .trim()
      .split('\n')
      .slice(-20);
    throw new FailedError(
      `the portal does not build; the whole output is in ${logFile}\n${tail.join(
        '\n',
      )}`,
    );
  }
}
