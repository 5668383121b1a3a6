#!/usr/bin/env node
/**
 * `./naap test`: all tests that this machine can run, one after the other, and what was left out and why.
 * The last line is `N passed, N failed, N skipped`. `./naap test jest pytest` runs only those parts.
 * With CI set, a part that cannot run is a failure: nothing is skipped there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacksDocker, startDocker } from './docker.mjs';
import { BROKER_VARIABLE, lacksKafka, startKafka } from './kafka.mjs';
import {
  CONNECTION_VARIABLE,
  findPostgres,
  startPostgres,
} from './postgres.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = name => join(root, 'node_modules/.bin', name);
const tools = process.env.NAAP_TOOLS ?? join(root, '.tools');
const reports = await mkdtemp(join(tmpdir(), 'naap-test-'));

/** Tests of Jest that need a broker: a part of their own. */
const BROKER_TESTS = '\\.broker\\.test\\.ts$';
/** And those that need Kafka Connect with its tables. */
const CONNECT_TESTS = '\\.connect\\.test\\.ts$';
/** The portal's packages expect what their CLI sets when it runs them one by one. */
const JEST_OPTIONS = '--no-node-snapshot --max-old-space-size=3072';

/**
 * A namespace where every address of the Internet is this machine, so that an attack can hit nobody else, and where
 * small disks can be mounted.
 */
const UNSHARE = ['unshare', '--net', '--mount', '--map-root-user'];
const ALONE = [
  ...UNSHARE,
  'sh',
  '-c',
  'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo; exec "$@"',
  '-',
];

const parts = [
  { name: 'types', run: () => check(bin('tsc'), ['--noEmit', '-p', root]) },
  { name: 'lint', run: () => check(bin('backstage-cli'), ['repo', 'lint']) },
  {
    name: 'format',
    run: () => check(bin('prettier'), ['--check', '--loglevel', 'warn', '.']),
  },
  { name: 'api', run: runApi },
  { name: 'jest', run: runJest },
  { name: 'pytest', run: runPytest },
  { name: 'command', run: runCommand },
  { name: 'access', run: () => runNodeTests(['access.e2e.ts']) },
  { name: 'disk', run: runDisk, lacks: lacksMount },
  { name: 'replicas', run: runReplicas, lacks: lacksPostgres },
  { name: 'browser', run: runBrowser, lacks: lacksBrowser },
  // In containers: a real broker, and the whole distributed profile.
  { name: 'kafka', run: runKafka, lacks: lacksKafka, inDocker: true },
  {
    name: 'distributed',
    run: () => runInDocker('distributed.e2e.ts', 'kafkaBrokers.e2e.ts'),
    lacks: lacksDocker,
    inDocker: true,
  },
  // They want the machine for themselves: `./naap test attack kills`.
  { name: 'attack', run: runAttacks, lacks: lacksNamespace, onRequest: true },
  { name: 'kills', run: runKills, lacks: lacksNamespace, onRequest: true },
  {
    name: 'kafkaKills',
    run: () => withKafka(kafka => runNodeTests(['kafkaKills.e2e.ts'], kafka)),
    lacks: lacksKafka,
    inDocker: true,
    onRequest: true,
  },
  {
    name: 'trinoBuilds',
    run: () => runInDocker('trinoBuilds.e2e.ts'),
    lacks: lacksDocker,
    inDocker: true,
    onRequest: true,
  },
  {
    name: 'buildKills',
    run: () => runInDocker('buildKills.e2e.ts'),
    lacks: lacksDocker,
    inDocker: true,
    onRequest: true,
  },
  {
    name: 'stackKills',
    run: () => runInDocker('stackKills.e2e.ts'),
    lacks: lacksDocker,
    inDocker: true,
    onRequest: true,
  },
];

const asked = process.argv.slice(2);
for (const name of asked) {
  if (!parts.some(part => part.name === name)) {
    console.error(
      `naap test: no part "${name}": use ${parts
        .map(part => part.name)
        .join(', ')}`,
    );
    process.exit(2);
  }
}

const isWanted = ({ name, onRequest }) =>
  asked.length > 0 ? asked.includes(name) : !onRequest;

/** The one Docker engine of this run. It takes a while to be there, so it starts beside the first parts. */
const docker = parts.some(one => isWanted(one) && one.inDocker && !one.lacks())
  ? startDocker(join(tools, 'docker'))
  : undefined;
docker?.catch(() => undefined);

const total = { passed: 0, failed: 0, skipped: 0 };
const notes = [];
for (const part of parts) {
  if (!isWanted(part)) continue;
  const began = Date.now();
  console.log(`\n=== ${part.name}`);
  const missing = part.lacks?.();
  let counts;
  if (missing) {
    counts = process.env.CI
      ? { passed: 0, failed: 1, skipped: 0 }
      : { passed: 0, failed: 0, skipped: 1 };
    notes.push(`${part.name} was left out: ${missing}`);
  } else {
    counts = await part.run().catch(error => {
      console.error(error);
      return { passed: 0, failed: 1, skipped: 0 };
    });
  }
  for (const kind of Object.keys(total)) total[kind] += counts[kind];
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(
    `--- ${part.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s`,
  );
}

await docker?.then(
  ({ stop }) => stop(),
  () => undefined,
);
await rm(reports, { recursive: true, force: true });
console.log('');
for (const note of notes) console.log(note);
console.log(
  `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
);
process.exitCode = total.failed > 0 ? 1 : 0;

/** One check: passed or failed. */
async function check(command, args) {
  const ok = (await execute(command, args)) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** With PostgreSQL beside SQLite for what is kept in the portal's database. */
async function runJest() {
  const report = join(reports, 'jest.json');
  const code = await withPostgres(postgres =>
    execute(
      bin('backstage-cli'),
      [
        'repo',
        'test',
        '--watchAll=false',
        '--maxWorkers=2',
        // No test waits for a time that a busy machine can exceed; this one is for what never ends.
        '--testTimeout=120000',
        `--testPathIgnorePatterns=${BROKER_TESTS}`,
        `--testPathIgnorePatterns=${CONNECT_TESTS}`,
        '--json',
        `--outputFile=${report}`,
      ],
      { ...postgres, NODE_OPTIONS: JEST_OPTIONS },
    ),
  );
  const counts = await jestCounts(report, code);
  const missing = lacksPostgres();
  if (missing) {
    counts[process.env.CI ? 'failed' : 'skipped'] += 1;
    notes.push(`jest ran on SQLite only: ${missing}`);
  }
  return counts;
}

/** What Jest says of its run. */
async function jestCounts(report, code) {
  const result = await readJson(report);
  if (!result) return { passed: 0, failed: 1, skipped: 0 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/** What only a real broker can prove. */
async function runKafka() {
  const report = join(reports, 'kafka.json');
  const code = await withKafka(kafka =>
    execute(
      bin('backstage-cli'),
      [
        'repo',
        'test',
        '--watchAll=false',
        '--maxWorkers=1',
        '--testTimeout=120000',
        '--json',
        `--outputFile=${report}`,
        BROKER_TESTS,
      ],
      { ...kafka, NODE_OPTIONS: JEST_OPTIONS },
    ),
  );
  return jestCounts(report, code);
}

/** Runs something with the variable that names a broker: the one that is given, else one in a container. */
async function withKafka(run) {
  const given = process.env[BROKER_VARIABLE];
  if (given) return run({ [BROKER_VARIABLE]: given });
  const kafka = await startKafka((await docker).env);
  try {
    return await run({ [BROKER_VARIABLE]: kafka.broker });
  } finally {
    await kafka.stop();
  }
}

/** Tests that start stacks of their own. */
async function runInDocker(...files) {
  return runNodeTests(files, (await docker).env);
}

/** Runs something with the variable that names a PostgreSQL: the one that is given, else a throwaway, if there is any. */
async function withPostgres(run) {
  if (process.env[CONNECTION_VARIABLE] || lacksPostgres()) return run({});
  const postgres = await startPostgres();
  try {
    return await run({ [CONNECTION_VARIABLE]: postgres.url });
  } finally {
    await postgres.stop();
  }
}

function lacksPostgres() {
  return process.env[CONNECTION_VARIABLE] || findPostgres()
    ? null
    : 'PostgreSQL is not installed (on Debian: apt-get install postgresql)';
}

/** In two processes: what builds gold takes as long as all else. */
async function runPytest() {
  const folder = join(root, 'packages/lakehouse/python/tests');
  const ofGold = (await readdir(folder))
    .filter(name => name.startsWith('test_gold'))
    .map(name => join('tests', name));
  const [counts, others] = await Promise.all([
    pytest('gold', ofGold),
    pytest('others', ['tests', '--ignore-glob=*/test_gold*']),
  ]);
  for (const kind of Object.keys(counts)) counts[kind] += others[kind];
  return counts;
}

async function pytest(shard, args) {
  const report = join(reports, `pytest-${shard}.xml`);
  const python = join(root, 'packages/lakehouse/python');
  const code = await execute(
    join(tools, 'venv/bin/python'),
    [
      ...['-m', 'pytest', '-q', '-p', 'no:cacheprovider'],
      `--junitxml=${report}`,
      ...args,
    ],
    { PYTHONPATH: python },
    python,
  );
  const xml = await readFile(report, 'utf8').catch(() => '');
  const count = name =>
    Number(
      new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0,
    );
  const failed = count('failures') + count('errors');
  const skipped = count('skipped');
  return {
    passed: count('tests') - failed - skipped,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped,
  };
}

/**
 * Files of Node's own test runner: they drive the real command and the real pages.
 *
 * @param before - a command that runs them, with its arguments
 */
async function runNodeTests(files, env = {}, before = []) {
  let output = '';
  const [command, ...args] = [...before, process.execPath];
  const code = await execute(
    command,
    [
      ...args,
      '--test',
      '--test-reporter=tap',
      '--test-concurrency=1',
      ...files.map(name => join(root, 'e2e', name)),
    ],
    { ...env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    root,
    text => {
      output += text;
    },
  );
  const count = name =>
    Number(new RegExp(`^# ${name} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  return {
    passed: count('pass'),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: count('skipped') + count('todo'),
  };
}

/** The client's types are those of the document, and the API keeps to it. */
async function runApi() {
  const counts = await check(process.execPath, [
    join(root, 'scripts/openapi.mjs'),
    '--check',
  ]);
  await installSchemathesis();
  const asked = await runNodeTests(['api.e2e.ts']);
  for (const kind of Object.keys(counts)) counts[kind] += asked[kind];
  return counts;
}

/** It has an environment of its own: what it needs is no part of the platform. */
async function installSchemathesis() {
  const lock = join(root, 'e2e/requirements-api.lock');
  const folder = join(tools, 'api-venv');
  const stamp = join(folder, '.naap-stamp');
  const wanted = await readFile(lock, 'utf8');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  const uv = join(tools, 'uv/bin/uv');
  const python = join(tools, 'venv/bin/python');
  const made =
    (await execute(uv, ['venv', '-q', '--clear', '-p', python, folder])) ||
    (await execute(uv, ['pip', 'sync', '-q', '--require-hashes', lock], {
      VIRTUAL_ENV: folder,
    }));
  if (made === 0) await writeFile(stamp, wanted);
}

function runCommand() {
  return runNodeTests(['mainJob.e2e.ts']);
}

/** A portal on a small disk of its own. */
function runDisk() {
  return runNodeTests(['fullDisk.e2e.ts']);
}

function lacksMount() {
  const root = process.platform === 'linux' && process.getuid() === 0;
  return root ? null : 'a small disk can be mounted by root on Linux only';
}

/** Two portals on one database. */
function runReplicas() {
  return withPostgres(env => runNodeTests(['replicas.e2e.ts'], env));
}

/** The pages against a fake API need the built app; the platform test builds it by `naap up`, so it comes first. */
async function runBrowser() {
  const platform = await runNodeTests(['platform.e2e.ts']);
  const pages = await runNodeTests([
    'explorer.e2e.ts',
    'pages.e2e.ts',
    'scorecard.e2e.ts',
    'journey.e2e.ts',
  ]);
  for (const kind of Object.keys(pages)) pages[kind] += platform[kind];
  return pages;
}

function lacksNamespace() {
  const [command, ...args] = [...UNSHARE, 'ip', 'link'];
  return spawnSync(command, args).status === 0
    ? null
    : 'this user may not unshare the network, or iproute2 is not installed (on Debian: apt-get install iproute2)';
}

function runAttacks() {
  return runNodeTests(
    ['starts.e2e.ts', 'attack.e2e.ts'],
    { NAAP_ALONE: 'true' },
    ALONE,
  );
}

function runKills() {
  return runNodeTests(['kills.e2e.ts'], {}, ALONE);
}

function lacksBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = process.env.PATH.split(delimiter).some(folder =>
    names.some(name => existsSync(join(folder, name))),
  );
  return found
    ? null
    : 'Chromium is not installed (on Debian: apt-get install chromium)';
}

/** Runs a program with its output shown; resolves with its exit code. */
function execute(command, args, env = {}, cwd = root, onOutput = undefined) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NAAP_ROOT: root, NAAP_TOOLS: tools, ...env },
      stdio: ['ignore', onOutput ? 'pipe' : 'inherit', 'inherit'],
    });
    child.stdout?.on('data', data => {
      process.stdout.write(data);
      onOutput(data.toString());
    });
    child.once('error', error => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', code => resolve(code ?? 1));
  });
}

async function readJson(path) {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}
