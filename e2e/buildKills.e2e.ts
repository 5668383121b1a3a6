/**
 * Engines, worker and portal of a whole stack are killed at random while it builds and syncs what flows in. Somebody reads all the
 * while and never meets a mixture of two builds; in the end it serves what the embedded profile makes of the same messages.
 *
 *     KILLS=30 KILLS_SEED=1 node --test e2e/buildKills.e2e.ts
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Home } from './command.ts';
import { sameAnswers } from './sameAnswers.ts';
import { drawsOf, Stack } from './stack.ts';
import { until } from './waiting.ts';

const KILLS = Number(process.env.KILLS ?? 30);
const SEED = Number(process.env.KILLS_SEED ?? Date.now() % 1_000_000);
const KILLED = [
  ...['trino', 'hive-metastore', 's3', 'clickhouse'],
  ...['dbt-runner', 'portal'],
];
const FROM = '2026-01-15T10:00:00Z';
const TO = '2026-01-15T16:00:00Z';
/** Between two kills: a build takes half a minute, and Trino as long to start. */
const PAUSES_MS = [5_000, 90_000];
/** Whoever gets no further for so long is stuck, however busy the machine is. */
const PATIENCE_MS = 20 * 60_000;

const draw = drawsOf(SEED);

let stack: Stack;
let embedded: Home;
let messages: string[];

before(async () => {
  embedded = await Home.create();
  const simulate = ['simulate', '--seed', '14', '--dirt', '0.05'];
  const { stdout } = await embedded.run([
    ...[...simulate, '--from', FROM, '--to', TO],
  ]);
  messages = stdout.trim().split('\n');
  stack = await Stack.up('hive');
});
after(async () => {
  await stack?.down();
  await embedded.remove();
});

interface Answer {
  meta: { build: { id: string } | null };
  rows: Array<{ requests: number; served: number; fees_eth: number }>;
}

/** What readers have seen of each build: the same sums in whatever way they are added up. */
class Reader {
  readonly seen = new Map<string, string>();
  answers = 0;
  refused = 0;
  #ended = false;

  async read(): Promise<void> {
    while (!this.#ended) {
      await this.#ask('');
      await this.#ask('&by=hour,gateway');
      await this.#ask('&by=orchestrator,model');
      await delay(200);
    }
  }

  end(): void {
    this.#ended = true;
  }

  async #ask(by: string): Promise<void> {
    const window = `from=${FROM}&to=${TO}&limit=10000`;
    let answer: Answer;
    try {
      const response = await stack.ask(`/kpis?${window}${by}`);
      if (!response.ok) {
        // Who can't answer says so.
        assert.ok(response.status >= 500, await response.text());
        this.refused += 1;
        return;
      }
      answer = (await response.json()) as Answer;
    } catch (error) {
      if ((error as Error).name === 'AssertionError') throw error;
      this.refused += 1;
      return;
    }
    const { meta, rows } = answer;
    if (!meta.build) return;
    const sum = (name: keyof Answer['rows'][0]) =>
      rows.reduce((all, row) => all + row[name], 0);
    const sums = JSON.stringify([
      ...[sum('requests'), sum('served')],
      sum('fees_eth').toPrecision(9),
    ]);
    this.answers += 1;
    const before_ = this.seen.get(meta.build.id) ?? sums;
    assert.equal(sums, before_, `build ${meta.build.id}${by}`);
    this.seen.set(meta.build.id, sums);
  }
}

test(`${KILLS} kills in builds and syncs (seed ${SEED}) mix nothing and lose nothing`, async () => {
  const reader = new Reader();
  const reading = reader.read();
  const failed = reading.then(() => undefined);
  const meanPauseMs = (PAUSES_MS[0] + PAUSES_MS[1]) / 2;
  const sending = stack.send(
    messages,
    (KILLS * meanPauseMs * 100) / messages.length,
  );
  for (let n = 0; n < KILLS; n++) {
    const pause = delay(PAUSES_MS[0] + draw() * (PAUSES_MS[1] - PAUSES_MS[0]));
    await Promise.race([pause, failed]);
    const service = KILLED[Math.floor(draw() * KILLED.length)];
    console.log(
      `# kill ${n + 1}: ${service}; ${reader.answers} answers of ${
        reader.seen.size
      } builds, ${reader.refused} refused`,
    );
    await stack.kill(service, draw);
  }
  await sending;

  await embedded.run(['ingest', '-'], `${messages.join('\n')}\n`);
  for (const command of ['build', 'sync']) {
    const { code, stderr } = await embedded.run([command]);
    assert.equal(code, 0, stderr);
  }
  const expected = await embedded.json<object[]>(['kpis', '--format', 'json']);
  await until(
    'all of it is served',
    async () => {
      await delay(5_000);
      const { code, stdout } = await stack.run(['kpis', '--format', 'json']);
      if (code !== 0) return undefined;
      const [{ requests, error_events }] = JSON.parse(stdout);
      console.log(`# ${requests} requests, ${error_events} errors are served`);
      const [all] = expected as Array<Record<string, number>>;
      return requests === all.requests && error_events === all.error_events
        ? true
        : undefined;
    },
    PATIENCE_MS,
  );
  await until(
    'the last build is served',
    async () => {
      const ran = await stack.run(['build']);
      const synced = await stack.run(['sync']);
      return ran.code === 0 && synced.code === 0 ? true : undefined;
    },
    PATIENCE_MS,
  );
  reader.end();
  await reading;
  await sameAnswers(embedded, stack);
  assert.ok(reader.seen.size > 1, 'readers saw builds follow each other');
  console.log(
    `# ${reader.answers} answers of ${reader.seen.size} builds, ${reader.refused} refused`,
  );
});
