/**
 * Prints how long a message takes from the send to Kafka to the commit by which bronze.events has it, on a stack of its own: median and
 * 95th percentile in seconds. The sink commits every 20 s; the limit is 40 s.
 *
 *     node bench/visible.ts
 */
import { Kafka, logLevel } from 'kafkajs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lines, message } from '../e2e/attack/payloads.ts';
import { ROOT } from '../e2e/command.ts';
import { bronzeOf, PYTHON, Stack } from '../e2e/stack.ts';
import { until } from '../e2e/waiting.ts';

const SECONDS = Number(process.env.SECONDS ?? 180);
const PER_SECOND = 10;
const LIMIT_S = 40;
/** Ids of the rows that each snapshot added, with the time of its commit. */
const COMMITS = `
import json, sys
from naap_lake.catalogs import open_lake
with open_lake(json.load(sys.stdin)) as catalog:
    table = catalog.load_table(("bronze", "events"))
    seen = set()
    for snapshot in sorted(table.metadata.snapshots, key=lambda one: one.sequence_number):
        rows = table.scan(snapshot_id=snapshot.snapshot_id, selected_fields=("event_id",)).to_arrow()
        new = set(rows["event_id"].to_pylist()) - seen
        seen |= new
        for event_id in new:
            print(json.dumps([event_id, snapshot.timestamp_ms]))
`;

async function main(): Promise<void> {
  const stack = await Stack.up('hive');
  try {
    const kafka = new Kafka({
      brokers: [stack.broker],
      logLevel: logLevel.NOTHING,
    });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    let sent = 0;
    const end = Date.now() + SECONDS * 1_000;
    while (Date.now() < end) {
      const at = Date.now();
      const event = message('stream_trace', at, 'gateway', {
        type: 'gateway_receive_stream_request',
        stream_id: `s${sent}`,
        request_id: `r${sent}`,
      });
      const value = lines([{ ...event, id: `${at}-${sent++}` }]).trim();
      await producer.send({ topic: 'network_events', messages: [{ value }] });
      await delay(1_000 / PER_SECOND);
    }
    await producer.disconnect();
    const lake = await stack.lake();
    await until(
      'all in the lake',
      async () => (await bronzeOf(lake)).places >= sent || undefined,
      5 * 60_000,
    );
    const { stdout } = spawnSync(PYTHON, ['-c', COMMITS], {
      input: JSON.stringify(lake),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        PYTHONPATH: join(ROOT, 'packages/lakehouse/python'),
      },
    });
    const seconds = stdout
      .trim()
      .split('\n')
      .map(line => {
        const [id, committed] = JSON.parse(line) as [string, number];
        return (committed - Number(id.split('-')[0])) / 1_000;
      })
      .sort((a, b) => a - b);
    const at = (share: number) =>
      seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))];
    const ok = at(0.95) <= LIMIT_S;
    console.log(
      JSON.stringify({
        messages: seconds.length,
        p50_s: at(0.5),
        p95_s: at(0.95),
        max_s: at(1),
        limit_s: LIMIT_S,
        ok,
      }),
    );
    process.exitCode = ok ? 0 : 1;
  } finally {
    await stack.down();
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
