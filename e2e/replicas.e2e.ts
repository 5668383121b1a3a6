/**
 * Two production portals on one PostgreSQL: a step runs once, the run of one that is killed goes on in the other, and
 * sessions survive. Beside workers portals run nothing: then one of these does, and another goes on for one that is killed.
 * What their steps do is fake (see replica.ts), everything else is real. Where all is real, the home of the embedded profile
 * has one portal: the second says whose it is.
 *
 *     node scripts/postgres.mjs node --test e2e/replicas.e2e.ts
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildBundle, OPERATOR, Replica } from './replicaProcess.ts';
import { freePort, until } from './waiting.ts';

const POSTGRES =
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING;

interface Run {
  id: string;
  state: string;
  trigger: string;
  retryOf: string | null;
  details: { pid: number } | null;
}

interface McpResult {
  tools?: Array<{ name: string }>;
  isError?: boolean;
  content?: Array<{ text: string }>;
  structuredContent?: { run: Run };
}

interface Entry {
  what: 'began' | 'ended';
  step: string;
  pid: number;
}

/** One of the portals. */
class SharingReplica extends Replica {
  /**
   * @param home - of the real layers; without it they are fakes
   * @param env - more of its variables
   */
  constructor(
    folder: string,
    port: number,
    { home, env }: { home?: string; env?: Record<string, string> } = {},
  ) {
    super(folder, port, {
      bundle: home ? 'backend' : 'replica',
      configs: ['replica.yaml'],
      env: {
        NAAP_POSTGRES: POSTGRES ?? '',
        ...(home && { NAAP_HOME: home }),
        ...env,
      },
    });
  }

  async startRun(step: string, args: object = {}): Promise<Run> {
    const answer = await this.ask('/runs', OPERATOR, { step, arguments: args });
    assert.equal(answer.status, 202, await answer.clone().text());
    return (await answer.json()) as Run;
  }

  async runs(query: string): Promise<{ total: number; rows: Run[] }> {
    const answer = await this.ask(`/runs?limit=500&${query}`, OPERATOR);
    return (await answer.json()) as { total: number; rows: Run[] };
  }

  /** Asks as an agent does, by the Model Context Protocol. */
  async askMcp(
    token: string,
    method: string,
    params: object = {},
  ): Promise<McpResult> {
    const answer = await fetch(`${this.url}/api/mcp-actions/v1`, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const [, data] = /^data: (.*)$/m.exec(await answer.text())!;
    return (JSON.parse(data) as { result: McpResult }).result;
  }
}

/** What steps wrote down, in all processes. */
async function journalOf(folder: string, step?: string): Promise<Entry[]> {
  const text = await readFile(join(folder, 'journal'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Entry)
    .filter(entry => step === undefined || entry.step === step);
}

describe(
  'two replicas of the portal',
  {
    skip: POSTGRES ? false : 'needs PostgreSQL: scripts/postgres.mjs',
  },
  () => {
    let folder: string;
    const replicas: SharingReplica[] = [];
    const sessions: string[] = [];

    const journal = (step: string) => journalOf(folder, step);

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'naap-replicas-'));
      buildBundle('replica');
      // The first one migrates the databases.
      for (let i = 0; i < 2; i++) {
        const replica = new SharingReplica(folder, await freePort());
        replicas.push(replica);
        await replica.isReady();
      }
      for (const replica of replicas) sessions.push(await replica.signIn());
    });

    after(async () => {
      await Promise.all(replicas.map(replica => replica.end('SIGTERM')));
      await rm(folder, { recursive: true, force: true });
    });

    test('a session of one is a session of the other, and may read but run nothing', async () => {
      for (const [i, replica] of replicas.entries()) {
        const session = sessions[1 - i];
        assert.equal((await replica.ask('/steps', session)).status, 200);
        const refused = await replica.ask('/runs', session, { step: 'build' });
        assert.equal(refused.status, 403);
        assert.match(await refused.text(), /naap\.pipeline\.build/);
      }
      const forged = `${sessions[0].slice(0, -8)}AAAAAAAA`;
      assert.equal((await replicas[1].ask('/steps', forged)).status, 401);
    });

    test('an agent finds the actions over MCP, and may what who it acts for may', async () => {
      const [replica] = replicas;
      const { tools } = await replica.askMcp(OPERATOR, 'tools/list');
      assert.ok(tools?.some(({ name }) => name === 'naap.run-step'));
      const call = {
        name: 'naap.run-step',
        arguments: { step: 'sync', days: ['2026-01-08'] },
      };
      const refused = await replica.askMcp(sessions[0], 'tools/call', call);
      assert.equal(refused.isError, true);
      assert.match(refused.content![0].text, /naap\.pipeline\.sync/);
      const ran = await replica.askMcp(OPERATOR, 'tools/call', call);
      assert.equal(ran.structuredContent?.run.trigger, 'action');
    });

    test('a step that both are asked for runs once at a time, and every run once', async () => {
      const asked = new Set<string>();
      for (let i = 0; i < 10; i++) {
        const runs = await Promise.all(
          replicas.map(replica => replica.startRun('maintain')),
        );
        for (const { id } of runs) asked.add(id);
      }
      await until(
        'the runs',
        async () => {
          const { rows } = await replicas[0].runs('step=maintain');
          return rows.every(({ state }) => state === 'succeeded') || undefined;
        },
        20_000,
      );
      // Each loop wants each of its steps once after a start, and then learns that there is nothing to do.
      const { total } = await replicas[0].runs('trigger=loop');
      assert.ok(total <= 6, `${total} runs of the loops`);
      const { rows } = await replicas[1].runs('step=maintain');
      for (const id of asked) assert.ok(rows.some(run => run.id === id));
      const entries = await journal('maintain');
      assert.equal(entries.length, 2 * rows.length);
      entries.forEach(({ what, pid }, i) => {
        assert.equal(what, i % 2 ? 'ended' : 'began');
        if (i % 2) assert.equal(pid, entries[i - 1].pid);
      });
    });

    test('the run of a replica that is killed is taken over by the other, and its session survives', async () => {
      const run = await replicas[0].startRun('build', { full: true });
      const isFull = async () =>
        (
          await replicas[0].ask(`/runs/${run.id}`, OPERATOR)
        ).json() as Promise<Run>;
      await until(
        'its begin',
        async () => (await isFull()).state === 'running' || undefined,
        10_000,
      );
      const began = (await journal('build')).at(-1)!;
      const killed = replicas.findIndex(
        ({ process: { pid } }) => pid === began.pid,
      );
      const survivor = replicas[1 - killed];
      await replicas[killed].end('SIGKILL');

      const recovery = await until(
        'the recovery',
        async () =>
          (
            await survivor.runs('step=build&trigger=recovery')
          ).rows.find(
            ({ state, retryOf }) => state === 'succeeded' && retryOf === run.id,
          ),
        20_000,
      );
      assert.equal(recovery.details?.pid, survivor.process.pid);
      const lost = await survivor.ask(`/runs/${run.id}`, OPERATOR);
      assert.equal(((await lost.json()) as Run).state, 'lost');
      const log = await survivor.ask(`/runs/${recovery.id}/log`, OPERATOR);
      assert.match(
        await log.text(),
        new RegExp(`began in process ${survivor.process.pid}`),
      );
      assert.equal(
        (await survivor.ask('/steps', sessions[killed])).status,
        200,
      );
    });
  },
);

describe(
  'two portals and two workers on one PostgreSQL',
  {
    skip: POSTGRES ? false : 'needs PostgreSQL: scripts/postgres.mjs',
  },
  () => {
    const STEPS = ['build', 'maintain'];
    let folder: string;
    const portals: SharingReplica[] = [];
    const workers: SharingReplica[] = [];

    const start = async (env: Record<string, string>) => {
      // Databases of their own: what others ran is not looked at.
      const database = { APP_CONFIG_backend_database_prefix: 'workers_' };
      const started = new SharingReplica(folder, await freePort(), {
        env: { ...database, ...env },
      });
      await started.isReady();
      return started;
    };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'naap-workers-'));
      buildBundle('replica');
      const idle = { APP_CONFIG_naap_pipeline_execute: 'false' };
      const busy = { APP_CONFIG_naap_worker_steps: JSON.stringify(STEPS) };
      for (let i = 0; i < 2; i++) portals.push(await start(idle));
      for (let i = 0; i < 2; i++) workers.push(await start(busy));
    });

    after(async () => {
      const all = [...portals, ...workers];
      await Promise.all(all.map(one => one.end('SIGTERM')));
      await rm(folder, { recursive: true, force: true });
    });

    test('a worker has no pages and signs nobody in', async () => {
      for (const path of ['/', '/catalog', '/api/auth/guest/refresh']) {
        const { status } = await fetch(`${workers[0].url}${path}`);
        assert.equal(status, 404, path);
      }
    });

    test('what portals are asked for runs once, in a worker, and they tell of it', async () => {
      const asked = new Set<string>();
      for (let i = 0; i < 5; i++) {
        const runs = await Promise.all(
          portals.map(portal => portal.startRun('maintain')),
        );
        for (const { id } of runs) asked.add(id);
      }
      await until(
        'the runs',
        async () => {
          const { rows } = await portals[0].runs('step=maintain');
          return rows.every(({ state }) => state === 'succeeded') || undefined;
        },
        20_000,
      );
      const { rows } = await portals[1].runs('step=maintain');
      const pids = workers.map(({ process: { pid } }) => pid);
      for (const { id, details } of rows) {
        assert.ok(asked.has(id));
        assert.ok(pids.includes(details!.pid));
      }
      const entries = await journalOf(folder, 'maintain');
      assert.equal(entries.length, 2 * rows.length);
      const elsewhere = (await journalOf(folder)).filter(
        ({ pid, step }) => !pids.includes(pid) || !STEPS.includes(step),
      );
      assert.deepEqual(elsewhere, []);
    });

    test('a step that no worker has waits for one', async () => {
      const { id } = await portals[0].startRun('sync');
      const late = await start({ APP_CONFIG_naap_worker_steps: '["sync"]' });
      workers.push(late);
      const { pid } = late.process;
      await until(
        'the run',
        async () => {
          const answer = await portals[1].ask(`/runs/${id}`, OPERATOR);
          const run = (await answer.json()) as Run;
          return run.details?.pid === pid || undefined;
        },
        20_000,
      );
    });

    test('the run of a worker that is killed is taken over by another, and sessions and pages go on', async () => {
      const session = await portals[0].signIn();
      const run = await portals[0].startRun('build', { full: true });
      const began = await until(
        'its begin',
        async () => {
          const answer = await portals[1].ask(`/runs/${run.id}`, OPERATOR);
          const { state } = (await answer.json()) as Run;
          const last = (await journalOf(folder, 'build')).at(-1);
          return state === 'running' && last?.what === 'began'
            ? last
            : undefined;
        },
        20_000,
      );
      const killed = workers.find(one => one.process.pid === began.pid)!;
      await killed.end('SIGKILL');
      const recovery = await until(
        'the recovery',
        async () =>
          (
            await portals[1].runs('step=build&trigger=recovery')
          ).rows.find(
            ({ state, retryOf }) => state === 'succeeded' && retryOf === run.id,
          ),
        20_000,
      );
      const pids = workers.map(({ process: { pid } }) => pid);
      assert.ok(pids.includes(recovery.details!.pid));
      assert.notEqual(recovery.details!.pid, began.pid);
      for (const portal of portals) {
        assert.equal((await portal.ask('/steps', session)).status, 200);
      }
      await portals[0].end('SIGKILL');
      assert.equal((await portals[1].ask('/steps', session)).status, 200);
    });
  },
);

describe(
  'two portals on one PostgreSQL and one home',
  {
    skip: POSTGRES ? false : 'needs PostgreSQL: scripts/postgres.mjs',
  },
  () => {
    let folder: string;
    let owner: SharingReplica;
    const portals: SharingReplica[] = [];

    const start = async () => {
      const home = join(folder, 'home');
      const portal = new SharingReplica(folder, await freePort(), { home });
      portals.push(portal);
      return portal;
    };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'naap-one-home-'));
      buildBundle('backend');
      owner = await start();
      await owner.isReady();
    });

    after(async () => {
      await Promise.all(portals.map(portal => portal.end('SIGTERM')));
      await rm(folder, { recursive: true, force: true });
    });

    test('the second says who owns the home and ends, and the first stays', async () => {
      const second = await start();
      const [code] = await once(second.process, 'close');
      assert.equal(code, 1);
      const { pid } = owner.process;
      assert.match(
        second.said,
        new RegExp(`The portal of ${folder}/home is in use by process ${pid} `),
      );
      assert.equal((await owner.ask('/steps', OPERATOR)).status, 200);
    });

    test('where the first was killed, the next one has the home at once', async () => {
      await owner.end('SIGKILL');
      const next = await start();
      await next.isReady();
      assert.equal((await next.ask('/steps', OPERATOR)).status, 200);
    });
  },
);
