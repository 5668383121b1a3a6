import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { LossyOutput, type TextOutput } from './LossyOutput';

/** Somewhere to write to that can be slow and can fail. */
function setUp() {
  const out = {
    written: '',
    waiting: 0,
    failure: null as Error | null,
  };
  const stream: TextOutput = {
    get writableLength() {
      return out.waiting;
    },
    write(text, done) {
      if (!out.failure) out.written += text;
      done(out.failure);
    },
  };
  return { out, output: new LossyOutput(stream) };
}

describe('LossyOutput', () => {
  it('leaves lines out while too many wait, and says how many', () => {
    const { out, output } = setUp();
    output.write('a\n');
    out.waiting = 2e6;
    output.write('b\nc\n');
    output.write('d\n');
    out.waiting = 0;
    output.write('e\n');
    output.write('f\n');
    expect(out.written).toBe('a\n… 3 lines could not be written here\ne\nf\n');
  });

  it('says later what could not be written, once', () => {
    const { out, output } = setUp();
    out.failure = new Error('ENOSPC');
    for (let n = 0; n < 5; n++) output.write('lost\n');
    out.failure = null;
    output.write('kept\n');
    output.write('more\n');
    expect(out.written).toBe(
      '… 5 lines could not be written here\nkept\nmore\n',
    );
  });

  it('outlives an output that throws', () => {
    const output = new LossyOutput({
      writableLength: 0,
      write: () => {
        throw new Error('gone');
      },
    });
    expect(() => output.write('a\n')).not.toThrow();
  });
});

describe('a process whose stdout is', () => {
  const TELL = [
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
    join(__dirname, '__fixtures__', 'tellMuch.ts'),
  ];

  async function ended(
    child: ChildProcess,
  ): Promise<{ code: number; told: number }> {
    let text = '';
    (child.stdio[3] as Readable).on('data', data => {
      text += data;
    });
    const [code] = await once(child, 'close');
    return { code, ...JSON.parse(text) };
  }
  const start = (stdout: number | 'pipe') =>
    spawn(process.execPath, TELL, {
      stdio: ['ignore', stdout, 'inherit', 'pipe'],
    });

  (existsSync('/dev/full') ? describe : describe.skip)('on Linux', () => {
    it('a full disk goes on', async () => {
      const end = await ended(start(openSync('/dev/full', 'w')));
      expect(end).toMatchObject({ code: 0, told: 20_000 });
    });
  });

  it('a pipe that nobody reads goes on', async () => {
    const child = start('pipe');
    child.stdout!.pause();
    const told = once(child.stdio[3] as Readable, 'data');
    expect(JSON.parse(String((await told)[0])).told).toBe(20_000);
    child.stdout!.destroy();
  });

  it('closed goes on', async () => {
    const child = start('pipe');
    child.stdout!.destroy();
    expect(await ended(child)).toMatchObject({ code: 0, told: 20_000 });
  });
});
