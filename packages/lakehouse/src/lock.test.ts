import { LockedError } from '@naap/system';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Homes } from './__testUtils__/homes';
import { withLock } from './lock';
import { homePaths } from './paths';
import { pythonExecutable } from './python';

const homes = new Homes();
afterAll(() => homes.removeAll());

const HOLD_LOCK = `
import os, sqlite3, sys, time
os.makedirs(os.path.dirname(sys.argv[1]), exist_ok=True)
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(600)
`;

describe('withLock', () => {
  it('lets one in at a time, and the next one when it is done', async () => {
    const home = homes.create();
    const order: string[] = [];
    let leave = () => {};
    const first = withLock(
      home,
      'lake',
      async () => {
        order.push('first in');
        await new Promise<void>(resolve => {
          leave = resolve;
        });
        order.push('first out');
      },
      { waitMs: 0 },
    );
    const second = withLock(home, 'lake', async () => order.push('second'), {
      waitMs: 10_000,
    });
    await expect(
      withLock(home, 'lake', async () => order.push('third'), { waitMs: 0 }),
    ).rejects.toThrow(
      new RegExp(`The lake of ${home} is in use by process ${process.pid} `),
    );
    await expect(
      withLock(home, 'other', async () => 'another lock', { waitMs: 0 }),
    ).resolves.toBe('another lock');
    leave();
    await Promise.all([first, second]);
    expect(order).toEqual(['first in', 'first out', 'second']);
  });

  it('is free again after what it guarded failed', async () => {
    const home = homes.create();
    const fail = async () => {
      throw new Error('disk full');
    };
    await expect(withLock(home, 'lake', fail, { waitMs: 0 })).rejects.toThrow(
      'disk full',
    );
    await expect(
      withLock(home, 'lake', async () => 1, { waitMs: 0 }),
    ).resolves.toBe(1);
  });

  it('is freed by the kernel when its holder is killed', async () => {
    const home = homes.create();
    const path = `${homePaths(home).run}/lake.lock`;
    const holder = spawn(pythonExecutable(), ['-c', HOLD_LOCK, path]);
    await once(holder.stdout, 'data');
    await expect(
      withLock(home, 'lake', async () => 1, { waitMs: 0 }),
    ).rejects.toThrow(LockedError);
    holder.kill('SIGKILL');
    await once(holder, 'close');
    await expect(
      withLock(home, 'lake', async () => 1, { waitMs: 0 }),
    ).resolves.toBe(1);
  });
});
