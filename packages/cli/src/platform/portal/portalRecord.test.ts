import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimHome, currentRecord, homeHolder } from './portalRecord';
import { createProgram } from '../../program';

const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const CLAIM = join(__dirname, '__fixtures__', 'claimAndHold.ts');

let home: string;
const children: ChildProcess[] = [];
const record = () => join(home, 'run', 'portal.json');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'naap-claim-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

function started(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function said(child: ChildProcess): Promise<string> {
  return String((await once(child.stdout!, 'data'))[0]).trim();
}

async function claimed(): Promise<{ child: ChildProcess; said: string }> {
  const child = started(process.execPath, [
    '--require',
    TRANSFORM,
    CLAIM,
    home,
  ]);
  return { child, said: await said(child) };
}

/** The command, in this process; answers what it said on stderr. */
async function naap(...args: string[]): Promise<string> {
  let stderr = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(text => {
    stderr += text;
    return true;
  });
  const before = { ...process.env };
  process.env.NAAP_ROOT = tmpdir();
  process.env.NAAP_HOME = home;
  try {
    await createProgram().parseAsync(['node', 'naap', ...args]);
  } catch (error) {
    stderr += (error as Error).message;
  } finally {
    process.env = before;
    write.mockRestore();
  }
  return stderr;
}

describe('many starts at once on a fresh home', () => {
  it('one has it, the others touch nothing, and its record is its own', async () => {
    rmSync(home, { recursive: true });
    const all = await Promise.all(Array.from({ length: 6 }, claimed));
    const [winner, ...more] = all.filter(
      ({ said: text }) => text === 'claimed',
    );
    expect(more).toEqual([]);
    const { pid } = winner.child;
    for (const loser of all.filter(each => each !== winner)) {
      expect(loser.said).toMatch(
        new RegExp(`is up already, or being started by process ${pid} `),
      );
    }
    expect(existsSync(record())).toBe(false);
    winner.child.stdin!.write('go on\n');
    await said(winner.child);
    expect(await currentRecord(home)).toMatchObject({ pid, token: `${pid}` });

    // One more that is late removes nothing either.
    await claimed();
    expect(await currentRecord(home)).toMatchObject({ pid });
  });

  it('killed between its claim and its record, the next one has the home', async () => {
    for (let kill = 0; kill < 3; kill++) {
      const { child, said: text } = await claimed();
      expect(text).toBe('claimed');
      expect(homeHolder(home)).toMatchObject({ pid: child.pid });
      expect(await currentRecord(home)).toBeNull();
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(homeHolder(home)).toBe('free');
    }
    await (await claimHome(home)).release();
  });
});

describe('a record that an `up` left which was killed', () => {
  it('has nobody killed and no token sent, whoever has the number and the port now', async () => {
    const stranger = started('sleep', ['600']);
    await once(stranger, 'spawn');
    const asked: string[] = [];
    const server = createServer((req, res) => {
      asked.push(`${req.url} ${req.headers.authorization}`);
      res.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      for (const command of [['down'], ['status'], ['down']]) {
        mkdirSync(join(home, 'run'), { recursive: true });
        writeFileSync(
          record(),
          JSON.stringify({
            pid: stranger.pid,
            started: 'before the machine was started',
            backend: stranger.pid,
            url: `http://127.0.0.1:${port}`,
            token: 'secret',
          }),
        );
        expect(await naap(...command)).toMatch(
          /stale.*removed.*nothing is running/s,
        );
        expect(existsSync(record())).toBe(false);
      }
      expect(asked).toEqual([]);
      expect(stranger.exitCode).toBeNull();
      expect(stranger.signalCode).toBeNull();
    } finally {
      server.close();
    }
  });

  it.each(['', '{', '[]', 'null', '1', '{"pid":-1}'])(
    'is removed when nobody can read it: %j',
    async text => {
      mkdirSync(join(home, 'run'));
      writeFileSync(record(), text);
      expect(await naap('down')).toMatch(/stale.*removed.*nothing is running/s);
      expect(existsSync(record())).toBe(false);
    },
  );

  it('is left to the start that has the home now, and so is the process that it names', async () => {
    const stranger = started('sleep', ['600']);
    await once(stranger, 'spawn');
    mkdirSync(join(home, 'run'));
    writeFileSync(
      record(),
      JSON.stringify({
        pid: stranger.pid,
        started: '',
        url: 'http://localhost:1',
        token: '',
      }),
    );
    const { child } = await claimed();
    expect(await currentRecord(home)).toBeNull();
    expect(await naap('status')).toMatch(
      new RegExp(`process ${child.pid} has .* but is not ready`),
    );
    expect(existsSync(record())).toBe(true);
    const closed = once(child, 'close');
    expect(await naap('down')).toMatch('stopped');
    expect((await closed)[1]).toBe('SIGTERM');
    expect(stranger.signalCode).toBeNull();
  });
});
