/**
 * The distributed profile by the real command, in containers: what gateways send to Kafka is in the Iceberg lake on S3 as the embedded
 * profile would have it, by the Hive Metastore and by Nessie.
 *
 *     node --test e2e/distributed.e2e.ts
 *
 * A Docker engine has to answer; `./naap test distributed` starts one.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Home } from './command.ts';
import { sameAnswers } from './sameAnswers.ts';
import { type Bronze, bronzeOf, Stack } from './stack.ts';
import { until } from './waiting.ts';

interface Counts {
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  reasons: Record<string, number>;
}

const SIMULATED = [
  ...['simulate', '--seed', '13', '--dirt', '0.05'],
  ...['--from', '2026-01-15T10:00:00Z', '--to', '2026-01-15T11:00:00Z'],
];
/** What is none, what is none of ours, and what is larger than a record batch of Kafka is by default. */
const DIRT = [
  'no message at all',
  '{"id":"other","type":"something_else","timestamp":"1768471200000","gateway":"","data":{}}',
  `{"id":"large","type":"stream_trace","timestamp":"1768471200000","gateway":"","data":{"x":"${'x'.repeat(
    2_000_000,
  )}"}}`,
].join('\n');
/** A commit of the sink comes every 20 s. */
const PATIENCE_MS = 5 * 60_000;

const distinct = (rows: string[]) => [...new Set(rows)];

describe('the distributed profile', () => {
  let embedded: Home;
  let messages: string;
  /** What gateways send after that. */
  let more: string;
  let counts: Counts;
  let expected: Bronze;

  before(async () => {
    embedded = await Home.create();
    const { stdout } = await embedded.run(SIMULATED);
    messages = `${stdout}${DIRT}\n`;
    const again = SIMULATED.map(word => (word === '13' ? '14' : word));
    more = (await embedded.run(again)).stdout;
    counts = await embedded.json<Counts>(['ingest', '-'], messages);
    expected = await bronzeOf({ home: embedded.path });
    assert.ok(counts.rejected > 1 && counts.ignored > 0, 'there is dirt in it');
  });
  after(() => embedded.remove());

  for (const catalog of ['hive', 'rest'] as const) {
    describe(`with the lake in a catalog of kind ${catalog}`, () => {
      let stack: Stack;
      before(async () => {
        stack = await Stack.up(catalog);
      });
      after(() => stack?.down());

      test('is well, and is what is declared', async () => {
        const { code, stdout } = await stack.run(['status']);
        assert.equal(code, 0, stdout);
        const drift = await stack.json(['apply', '--check']);
        assert.deepEqual(drift, {
          topics: [],
          groups: [],
          tables: [],
          connectors: [],
        });
        // Its builds would keep the machine busy for nothing: they are asked for with the other catalog.
        if (catalog === 'rest') await stack.stop('portal', 'dbt-runner');
      });

      test('ingest counts as the embedded profile does, and returns when the lake has it', async () => {
        assert.deepEqual(
          await stack.json<Counts>(['ingest', '-'], messages),
          counts,
        );
        const lake = await bronzeOf(await stack.lake());
        assert.deepEqual(distinct(lake.events), expected.events);
        assert.deepEqual(
          distinct(lake.quarantine),
          distinct(expected.quarantine),
        );
        // The gate remembers no message: copies are kept, and silver drops them.
        assert.equal(lake.counts.read, counts.read);
        assert.equal(lake.places, counts.read);
        assert.equal(lake.distinctPlaces, counts.read);
      });

      test('what a gateway sends to Kafka arrives once', async () => {
        const sent = more.trim().split('\n');
        await stack.send(sent);
        const all = counts.read + sent.length;
        const lake = await until(
          `${all} messages in the lake`,
          async () => {
            const now = await bronzeOf(await stack.lake());
            return now.places >= all && now.counts.read >= all
              ? now
              : undefined;
          },
          PATIENCE_MS,
        );
        assert.equal(lake.places, all);
        assert.equal(lake.distinctPlaces, all);
        assert.equal(lake.counts.read, all);
        assert.equal(lake.counts.accepted, lake.events.length);
      });

      // Builds on Trino take minutes: once is enough.
      if (catalog === 'hive') {
        test('the portal serves the numbers of the embedded profile', async () => {
          await embedded.json<Counts>(['ingest', '-'], more);
          for (const command of ['build', 'sync']) {
            const { code, stderr } = await embedded.run([command]);
            assert.equal(code, 0, stderr);
            const there = await stack.run([command]);
            assert.equal(there.code, 0, there.stderr);
          }
          await sameAnswers(embedded, stack);
        });

        test('a replay judges anew what the sink wrote, and finds it as it was', async () => {
          const { changed, judged } = await stack.json<Record<string, number>>([
            'replay',
            '--all',
          ]);
          assert.equal(changed, 0);
          assert.ok(judged >= counts.accepted, `${judged} judged`);
        });

        test('a request leads to its raw events, read through Trino', async () => {
          const question = ['requests', '--format', 'json'];
          const [request] = await stack.json<Record<string, string>[]>(
            question,
          );
          const answer = await stack.ask(`/requests/${request.request_id}`);
          assert.equal(answer.status, 200);
          assert.match(await answer.text(), /stream_trace|ai_stream_status/);
        });
      }

      test('no record was dead on its way to the lake', async () => {
        assert.equal(await stack.messagesIn('naap.dead-letters'), 0);
      });

      // They make the tables anew, so they come last.
      test('the suites of a shared lake hold on it', async () => {
        await stack.stop('portal', 'dbt-runner');
        await stack.passesPython('test_shared_lake.py');
        const suites = ['PyIcebergLakeCatalog', 'lakehouse/src/trino/'];
        // Its connectors are those of the metastore.
        if (catalog === 'hive') suites.push('KafkaConnect.connect');
        await stack.passesJest(...suites);
      });
    });
  }
});
