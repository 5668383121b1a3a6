import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileLock, LockedError, lockHolder } from './FileLock';

const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const HOLD = join(__dirname, '__fixtures__', 'holdLock.ts');

describe('FileLock', () => {
  let folder: string;
  let path: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'naap-lock-'));
    path = join(folder, 'run', 'it.lock');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const take = () =>
    FileLock.acquire(path, { what: 'The lake of here', waitMs: 0 });

  /** Another process that wants the lock, and what it says. */
  async function other(): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, ['--require', TRANSFORM, HOLD, path]);
    children.push(child);
    const [said] = await once(child.stdout, 'data');
    return { child, said: String(said).trim() };
  }

  it('is of one at a time, and says of whom', async () => {
    expect(lockHolder(path)).toBe('free');
    const lock = await take();
    expect(lockHolder(path)).toMatchObject({ pid: process.pid });
    await expect(take()).rejects.toThrow(
      `The lake of here is in use by process ${process.pid} `,
    );
    const waiting = FileLock.acquire(path, { what: 'It', waitMs: 60_000 });
    lock.release();
    (await waiting).release();
    expect(lockHolder(path)).toBe('free');
  });

  it('is of one of many processes that begin at once, and free when that is killed', async () => {
    for (let round = 0; round < 2; round++) {
      const all = await Promise.all(Array.from({ length: 6 }, other));
      const [winner, ...more] = all.filter(({ said }) => said === 'held');
      expect(more).toEqual([]);
      expect(all.filter(({ said }) => said === 'LockedError')).toHaveLength(5);
      expect(lockHolder(path)).toMatchObject({ pid: winner.child.pid });
      await expect(take()).rejects.toThrow(LockedError);
      winner.child.kill('SIGKILL');
      await once(winner.child, 'close');
      expect(lockHolder(path)).toBe('free');
    }
    (await take()).release();
  });

  it('names nobody by what an earlier holder wrote, also where a stranger has its number now', async () => {
    const lock = await take();
    const holder = join(folder, 'run', 'it.holder.json');
    for (const text of [
      JSON.stringify({
        pid: process.ppid,
        started: 'long ago',
        command: 'naap up',
      }),
      '{',
    ]) {
      writeFileSync(holder, text);
      expect(lockHolder(path)).toBeNull();
      await expect(take()).rejects.toThrow('in use by another process');
    }
    lock.release();
  });
});
