import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  bytesOf,
  junkOf,
  paymentOf,
  readRows,
  temporaryHomes,
} from './__fixtures__/homes';
import { EventLog } from './EventLog';
import { listSegments } from './segmentFile';

const newHome = temporaryHomes();
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const fixture = (name: string) => join(__dirname, '__fixtures__', name);

function start(home: string, first: number, length = 0): ChildProcess {
  const args = [
    '--require',
    TRANSFORM,
    fixture('appendForever.ts'),
    home,
    `${first}`,
    `${length}`,
  ];
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/**
 * Reads the numbers of acknowledged messages; kills at a random moment after
 * `enough` appends.
 */
async function killAfter(
  child: ChildProcess,
  enough: number,
): Promise<number[]> {
  let output = '';
  child.stdout?.on('data', chunk => {
    output += chunk;
    if (output.split('\n').length > enough) {
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 30);
    }
  });
  await once(child, 'close');
  // What is after the last line end was not said to its end.
  return output
    .split('\n')
    .slice(0, -1)
    .flatMap(line => line.split(',').map(Number));
}

it.each([
  { what: 'small messages', kills: 12, length: 0 },
  { what: 'messages that fill segments', kills: 6, length: 40_000 },
])(
  'killed at any moment, nothing acknowledged is lost and nothing is doubled: $what',
  async ({ kills, length }) => {
    const home = newHome();
    const acknowledged = new Set<number>();
    let first = 0;
    for (let kill = 0; kill < kills; kill++) {
      const numbers = await killAfter(
        start(home, first, length),
        1 + ((kill * 7) % 23),
      );
      for (const n of numbers) acknowledged.add(n);
      // Begin again at what was not acknowledged, as a client would.
      first = 0;
      while (acknowledged.has(first)) first++;
    }

    const log = await EventLog.open(home);
    const rows = await readRows(home);
    expect(rows.map(row => row.offset)).toEqual([...rows.keys()]);
    expect(log.nextOffset).toBe(rows.length);
    const accepted = rows
      .filter(row => row.class === 'accepted')
      .map(row => Number(row.event_id));
    const stored = new Set(accepted);
    expect(stored.size).toBe(accepted.length);
    expect([...acknowledged].filter(n => !stored.has(n))).toEqual([]);
    const rejected = rows.filter(row => row.class === 'rejected');
    const quarantined = new Set(rejected.map(row => row.message));
    expect(quarantined.size).toBe(rejected.length);
    expect(
      [...acknowledged].filter(n => !quarantined.has(junkOf(n, length))),
    ).toEqual([]);

    const messages = accepted.flatMap(n => [paymentOf(n), junkOf(n, length)]);
    expect(await log.append(bytesOf(...messages), 'again')).toMatchObject({
      accepted: 0,
      duplicate: messages.length,
    });
    await log.close();
  },
);

it('when the disk is full, says so, acknowledges nothing that is lost, and goes on', async () => {
  const home = newHome();
  const node = [
    process.execPath,
    '--require',
    TRANSFORM,
    fixture('appendUntilFull.ts'),
    home,
  ];
  // 900 blocks of 1024 bytes.
  const script = 'ulimit -f 900; exec "$@"';
  const output = execFileSync('bash', ['-c', script, 'bash', ...node], {
    encoding: 'utf8',
  });
  const full = {
    code: 'NO_SPACE',
    message: expect.stringContaining('The disk is full'),
  };
  expect(JSON.parse(output)).toEqual(['stored', 'stored', full, 'stored']);

  const rows = await readRows(home);
  const accepted = rows.filter(row => row.class === 'accepted');
  expect(accepted.map(row => row.event_id)).toEqual(['0', '1', '3']);
  expect(rows.map(row => row.offset)).toEqual([...rows.keys()]);
  const log = await EventLog.open(home);
  const data = { text: 'x'.repeat(400_000) };
  const again = [0, 1, 2].map(n => paymentOf(n, { data }));
  expect(await log.append(bytesOf(...again), 'again')).toMatchObject({
    accepted: 1,
    duplicate: 2,
  });
  await log.close();
});

const PYTHON = resolve(__dirname, '../../../../.tools/venv/bin/python');
const describeWithPython = existsSync(PYTHON) ? describe : describe.skip;

describeWithPython('pyarrow', () => {
  it('reads the segments, also after a crash', async () => {
    const home = newHome();
    await killAfter(start(home, 0), 5);
    const log = await EventLog.open(home);
    const text = paymentOf('é', {
      gateway: 'gätewäy',
      timestamp: 1767970000123,
    });
    await log.append(bytesOf(text, paymentOf('b')), 'python');
    const rows = await readRows(home);
    const [{ path }] = await listSegments(join(home, 'log'));
    const script = `
import json, sys, pyarrow as pa
with pa.ipc.open_stream(sys.argv[1]) as reader:
    table = reader.read_all()
table.validate(full=True)
tail = table.slice(table.num_rows - 3, 2)
json.dump({
    "schema": [[f.name, str(f.type), f.nullable] for f in table.schema],
    "rows": table.num_rows,
    "tail": tail.select(["event_id", "gateway", "envelope", "data_at", "source"]).to_pylist(),
    "time": tail["envelope_time"][0].value,
}, sys.stdout)
`;
    const read = JSON.parse(
      execFileSync(PYTHON, ['-c', script, path], { encoding: 'utf8' }),
    );
    await log.close();
    expect(read.rows).toBe(rows.length);
    expect(read.time).toBe(1767970000123);
    const plain = paymentOf('b');
    const cut = plain.indexOf('{"numTickets');
    expect(read.tail).toEqual([
      {
        event_id: 'é',
        gateway: 'gätewäy',
        envelope: text,
        data_at: null,
        source: 'python',
      },
      {
        event_id: 'b',
        gateway: null,
        envelope: `${plain.slice(0, cut)}}`,
        data_at: cut,
        source: 'python',
      },
    ]);
    const time = 'timestamp[ms, tz=UTC]';
    expect(read.schema).toEqual([
      ['offset', 'int64', false],
      ['class', 'string', false],
      ['reason', 'string', true],
      ['event_id', 'string', true],
      ['type', 'string', true],
      ['subtype', 'string', true],
      ['gateway', 'string', true],
      ['stream_id', 'string', true],
      ['request_id', 'string', true],
      ['event_time', time, true],
      ['envelope_time', time, true],
      ['data', 'string', true],
      ['envelope', 'string', true],
      ['data_at', 'int32', true],
      ['raw', 'binary', true],
      ['raw_length', 'int64', true],
      ['raw_sha256', 'string', true],
      ['received_at', time, false],
      ['source', 'string', false],
      ['counts', 'string', true],
      ['gate_version', 'int32', false],
      ['source_topic', 'string', true],
      ['source_partition', 'int32', true],
      ['source_offset', 'int64', true],
      ['source_next_offset', 'int64', true],
    ]);
  });
});
