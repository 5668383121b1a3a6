import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exclusiveContract } from '../../testing/exclusiveContract';
import { acquire } from '../Exclusive';
import { FileLocks } from './FileLocks';

const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const HOLD = join(__dirname, '__fixtures__', 'holdLock.ts');

describe('FileLocks', () => {
  let folder: string;
  let locks: FileLocks;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'naap-lock-'));
    locks = new FileLocks(join(folder, 'run'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  exclusiveContract(async () => ({
    one: locks,
    other: new FileLocks(join(folder, 'run')),
  }));

  const take = () =>
    acquire(locks, 'it', { what: 'The lake of here', waitMs: 0 });

  /** Another process that wants the lock, and what it says. */
  async function other(): Promise<{ child: ChildProcess; said: string }> {
    const args = ['--require', TRANSFORM, HOLD, join(folder, 'run'), 'it'];
    const child = spawn(process.execPath, args);
    children.push(child);
    const [said] = await once(child.stdout, 'data');
    return { child, said: String(said).trim() };
  }

  it('says which process has it', async () => {
    expect(locks.holder('it')).toBe('free');
    const lock = await take();
    expect(locks.holder('it')).toMatchObject({ pid: process.pid });
    await expect(take()).rejects.toThrow(
      `The lake of here is in use by process ${process.pid} `,
    );
    await lock.release();
    expect(locks.holder('it')).toBe('free');
  });

  it('is of one of many processes that begin at once, and free when that is killed', async () => {
    for (let round = 0; round < 2; round++) {
      const all = await Promise.all(Array.from({ length: 6 }, other));
      const [winner, ...more] = all.filter(({ said }) => said === 'held');
      expect(more).toEqual([]);
      expect(all.filter(({ said }) => said === 'taken')).toHaveLength(5);
      expect(locks.holder('it')).toMatchObject({ pid: winner.child.pid });
      expect(await locks.hold('it')).toBeNull();
      winner.child.kill('SIGKILL');
      await once(winner.child, 'close');
      expect(locks.holder('it')).toBe('free');
    }
    await (await take()).release();
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
      expect(locks.holder('it')).toBeNull();
      await expect(take()).rejects.toThrow('in use by another process');
    }
    await lock.release();
  });
});
