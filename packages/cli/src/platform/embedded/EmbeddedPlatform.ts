import { EventLog, IngestCounts, ReplayOptions } from '@naap/ingestion';
import {
  homePaths,
  LakeCommitter,
  LakeComparer,
  LakeWorker,
  openWarehouse,
  type Warehouse,
} from '@naap/lakehouse';
import {
  AvailabilityQuery,
  KpiQuery,
  RequestQuery,
  Serving,
  TargetQuery,
} from '@naap/serving';
import type { PageQuery } from '@naap/serving';
import type {
  BuildChoice,
  Ingested,
  Input,
  Listener,
  Platform,
} from '../Platform';
import { takeInputs, takeTopic } from '../intake';
import type { KafkaTopic } from '../../kafka';
import { CommitBehind } from './CommitBehind';
import { bringUpToDate, LOG_WAIT_MS, replayHome } from './replayHome';

/**
 * The platform in this process, while no portal has the home. Each work takes
 * what it needs of the home and lets it go; what is served stays open until it is closed.
 */
export class EmbeddedPlatform implements Platform {
  readonly #worker = new LakeWorker();
  readonly #warehouse: Warehouse;
  #serving: Promise<Serving> | undefined;

  constructor(private readonly home: string) {
    this.#warehouse = openWarehouse(home, this.#worker);
  }

  async ingest(
    inputs: readonly Input[],
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested> {
    // First: what came in before must be known by the rules of today.
    await bringUpToDate(this.home, message => listener.done(message));
    return this.#taken(listener, (log, onProgress) =>
      takeInputs(inputs, log, onProgress, signal),
    );
  }

  async ingestTopic(
    topic: KafkaTopic,
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested> {
    await bringUpToDate(this.home, message => listener.done(message));
    return this.#taken(listener, (log, onProgress) =>
      takeTopic(topic, log, onProgress, signal),
    );
  }

  async publish(
    messages: readonly Buffer[],
    source: string,
  ): Promise<IngestCounts> {
    return this.#intoLake(async log => {
      const { firstOffset, nextOffset, ...counts } = await log.append(
        messages,
        source,
        { whole: true },
      );
      return counts;
    });
  }

  async build(choice: BuildChoice, listener: Listener) {
    await bringUpToDate(this.home, message => listener.update(message));
    return this.#warehouse.builder.run({
      ...choice,
      onProgress: ({ message }) => listener.update(message),
    });
  }

  async sync(listener: Listener) {
    const serving = await this.#served();
    return serving.sync(this.#warehouse.gold, {
      onProgress: ({ step, done, total }) =>
        listener.update(`${step}: ${done} of ${total} days`),
    });
  }

  maintain() {
    return new LakeCommitter(this.home, this.#worker).maintain();
  }

  compare(listener: Listener) {
    return new LakeComparer({ home: this.home }).compare({
      onProgress: ({ message }) => listener.update(message),
    });
  }

  async replay(options: ReplayOptions, listener: Listener) {
    const summary = await replayHome(this.home, options, message =>
      listener.update(message),
    );
    listener.done(
      `${summary.judged} messages judged anew: ${summary.accepted} came in, ${summary.quarantined} went to quarantine; ./naap build makes the numbers of it`,
    );
    return summary;
  }

  async kpis(query: KpiQuery) {
    return (await this.#served()).kpis(query);
  }

  async requests(query: RequestQuery) {
    return (await this.#served()).requests(query);
  }

  async availability(query: AvailabilityQuery) {
    return (await this.#served()).availability(query);
  }

  async targets(query: TargetQuery) {
    return (await this.#served()).targets(query);
  }

  async inventory(query: PageQuery) {
    return (await this.#served()).inventory(query);
  }

  async close(): Promise<void> {
    const serving = await this.#serving?.catch(() => undefined);
    await serving?.close();
    await this.#worker.stop();
  }

  #served(): Promise<Serving> {
    this.#serving ??= Serving.open({ path: homePaths(this.home).clickhouse });
    return this.#serving;
  }

  /** What `take` brings into the log goes into the lake while more comes. */
  async #taken(
    listener: Listener,
    take: (
      log: EventLog,
      onProgress: (text: string) => void,
    ) => Promise<Ingested>,
  ): Promise<Ingested> {
    const ingested = await this.#intoLake((log, lake) =>
      take(log, text => {
        lake.nudge();
        listener.update(text);
      }),
    );
    const { read, accepted } = ingested.counts;
    listener.done(
      `${read} messages, ${accepted} accepted; all are in the lake`,
    );
    return ingested;
  }

  /** Brings messages into the event log, and what is durable there to the lake. */
  async #intoLake<T>(
    bring: (log: EventLog, lake: CommitBehind) => Promise<T>,
  ): Promise<T> {
    const log = await EventLog.open(this.home, { waitMs: LOG_WAIT_MS });
    try {
      const committer = new LakeCommitter(this.home, this.#worker);
      const lake = new CommitBehind(log, committer);
      const brought = await bring(log, lake);
      await lake.finish();
      return brought;
    } finally {
      // A commit that is under way reads the log: it ends first.
      await this.#worker.stop();
      await log.close();
    }
  }
}
