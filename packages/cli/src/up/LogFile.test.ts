import { LossyOutput } from '@naap/system';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from './LogFile';

describe('LogFile', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'naap-log-'));
    path = join(folder, 'run', 'up.log');
    mkdirSync(join(folder, 'run'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (file: LogFile, text: string) =>
    new Promise<Error | null | undefined>(resolve => file.write(text, resolve));

  it('keeps five files of bounded size, the newest lines in up.log', async () => {
    const file = new LogFile(path, 1000);
    for (let n = 0; n < 100; n++) {
      expect(await written(file, `${n} ${'x'.repeat(95)}\n`)).toBeNull();
    }
    await file.close();
    const names = readdirSync(join(folder, 'run')).sort();
    expect(names).toEqual([
      'up.1.log',
      'up.2.log',
      'up.3.log',
      'up.4.log',
      'up.log',
    ]);
    for (const name of names) {
      expect(statSync(join(folder, 'run', name)).size).toBeLessThan(1100);
    }
    const order = ['up.4.log', 'up.3.log', 'up.2.log', 'up.1.log', 'up.log'];
    const lines = order.flatMap(name =>
      readFileSync(join(folder, 'run', name), 'utf8').trim().split('\n'),
    );
    expect(lines.map(line => parseInt(line, 10))).toEqual(
      Array.from({ length: lines.length }, (_, i) => 100 - lines.length + i),
    );
  });

  it('goes on where an earlier start stopped', async () => {
    for (const text of ['a\n', 'b\n']) {
      const file = new LogFile(path);
      await written(file, text);
      await file.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  });

  it('says when it can not be written, and goes on when it can again', async () => {
    rmSync(join(folder, 'run'), { recursive: true });
    const file = new LogFile(path);
    const output = new LossyOutput(file);
    output.write('lost\n');
    output.write('lost too\n');
    expect(await written(file, 'lost as well\n')).toMatchObject({
      code: 'ENOENT',
    });
    mkdirSync(join(folder, 'run'));
    output.write('kept\n');
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe(
      '… 2 lines could not be written here\nkept\n',
    );
  });
});
