import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isRunning, ownIdentity, startOf } from './processes';

describe('isRunning', () => {
  it('knows a process by its number and its start', async () => {
    const own = ownIdentity();
    expect(own.pid).toBe(process.pid);
    expect(isRunning(own)).toBe(true);
    expect(isRunning({ ...own, started: 'before' })).toBe(false);
    expect(isRunning({ ...own, started: '' })).toBe(false);

    const child = spawn('sleep', ['600']);
    await once(child, 'spawn');
    const of = { pid: child.pid!, started: startOf(child.pid!)! };
    expect(of.started).toBeTruthy();
    expect(isRunning(of)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isRunning(of)).toBe(false);
    expect(startOf(of.pid)).not.toBe(of.started);
  });

  it('takes one that has ended, but that nobody has asked about, for ended', async () => {
    // The shell's child ends at once, and what the shell became never asks.
    const shell = spawn('sh', ['-c', 'true & echo $!; exec sleep 600']);
    const [said] = await once(shell.stdout, 'data');
    const pid = Number(said);
    let started = startOf(pid);
    const deadline = Date.now() + 60_000;
    while (started !== null && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, 20));
      started = startOf(pid);
    }
    expect(started).toBeNull();
    shell.kill('SIGKILL');
  });
});
