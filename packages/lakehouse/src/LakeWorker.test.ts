import Database from 'better-sqlite3';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Homes } from './__testUtils__/homes';
import { LakeCommitter } from './pyiceberg/LakeCommitter';
import { LakeWorker } from './LakeWorker';
import { homePaths } from './paths';

const homes = new Homes();
const worker = new LakeWorker();
const python = process.env.NAAP_PYTHON;

function usePython(path: string | undefined): void {
  if (path === undefined) delete process.env.NAAP_PYTHON;
  else process.env.NAAP_PYTHON = path;
}

/** A program in the place of Python that runs a shell script. */
function program(script: string): string {
  const path = join(homes.create(), 'python');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A home whose next commit waits, because someone writes to its catalog. */
async function homeThatWaits(): Promise<[string, () => void]> {
  const home = homes.create();
  await worker.call('commit', { home });
  const database = new Database(homePaths(home).catalog);
  database.exec('BEGIN EXCLUSIVE');
  return [home, () => database.close()];
}

describe('LakeWorker', () => {
  afterEach(() => usePython(python));
  afterAll(async () => {
    await worker.stop();
    homes.removeAll();
  });

  it('answers calls in order and passes on progress', async () => {
    const home = homes.create();
    const messages: string[] = [];
    const order: string[] = [];
    const committer = new LakeCommitter(home, worker);
    await Promise.all([
      committer.describe().then(tables => order.push(`${Object.keys(tables)}`)),
      worker
        .call(
          'maintain',
          { home },
          { onProgress: ({ message }) => messages.push(message) },
        )
        .then(() => order.push('maintain')),
      committer.describe().then(tables => order.push(`${Object.keys(tables)}`)),
    ]);
    expect(order).toEqual(['', 'maintain', 'events,quarantine,batches']);
    expect(messages).toContain('lake: events: 0 files to 0, 0 removed');
  });

  it('gives the name and the message of an error in Python', async () => {
    await expect(worker.call('commit', {})).rejects.toMatchObject({
      name: 'LakeWorkerError',
      kind: 'BadRequest',
      message: 'args.home must be the path of a NAAP_HOME',
    });
  });

  it('rejects the running call with the last words of a worker that dies, and starts again', async () => {
    const home = homes.create();
    const crashing = new LakeWorker();
    usePython(program('read line; echo "out of memory" >&2; kill -9 $$'));
    await expect(crashing.call('commit', { home })).rejects.toMatchObject({
      kind: 'WorkerCrashed',
      message: 'The lake worker died (SIGKILL). Its last words:\nout of memory',
    });
    usePython(python);
    await expect(crashing.call('commit', { home })).resolves.toMatchObject({
      nextOffset: 0,
    });
    await crashing.stop();
  });

  it('says what to do when there is no Python', async () => {
    usePython('/nowhere/python');
    await expect(
      new LakeWorker().call('commit', { home: homes.create() }),
    ).rejects.toThrow(
      /Cannot start Python at \/nowhere\/python: .*ENOENT.*NAAP_PYTHON/,
    );
  });

  it('ends a call that is aborted, and goes on with the next', async () => {
    const [home, release] = await homeThatWaits();
    const controller = new AbortController();
    const aborted = worker.call(
      'commit',
      { home },
      { signal: controller.signal },
    );
    const next = worker.call('commit', { home: homes.create() });
    setImmediate(() => controller.abort(new Error('no longer wanted')));
    await expect(aborted).rejects.toThrow('no longer wanted');
    await expect(next).resolves.toMatchObject({ nextOffset: 0 });
    release();
    await expect(worker.call('commit', { home })).resolves.toMatchObject({
      nextOffset: 0,
    });
  });

  it('rejects what runs when it is stopped', async () => {
    const [home, release] = await homeThatWaits();
    const running = worker.call('commit', { home });
    setImmediate(() => worker.stop());
    await expect(running).rejects.toMatchObject({ kind: 'WorkerStopped' });
    release();
  });
});
