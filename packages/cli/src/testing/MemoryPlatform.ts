import { BronzeEvent, classify } from '@naap/events';
import {
  addCounts,
  IngestCounts,
  MessageSplitter,
  connectKafka,
  noCounts,
  piecesOf,
  readTopic,
  ReplayOptions,
} from '@naap/ingestion';
import { BuildResult } from '@naap/lakehouse';
import type {
  AvailabilityAnswer,
  InventoryAnswer,
  KpiAnswer,
  RequestAnswer,
  RequestQuery,
  SyncResult,
  TargetAnswer,
} from '@naap/serving';
import type { KafkaTopic } from '../kafka';
import type { Ingested, Input, Listener, Platform } from '../platform/Platform';

interface Gold {
  buildId: string;
  requests: string[];
}

/** What outlives a platform: all that it keeps. */
export class MemoryHome {
  readonly messages: Array<{ raw: Buffer; event: BronzeEvent | null }> = [];
  taken = 0;
  gold: Gold | null = null;
  served: Gold | null = null;
}

/** A platform that keeps all in memory; it counts requests and knows no other number. */
export class MemoryPlatform implements Platform {
  constructor(private readonly home: MemoryHome) {}

  async ingest(
    inputs: readonly Input[],
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested> {
    const counts = noCounts();
    const failures: string[] = [];
    for (const { name, open } of inputs) {
      if (signal.aborted) break;
      try {
        for await (const { body, format } of piecesOf(open(signal))) {
          const splitter = new MessageSplitter(format);
          const whole = [...splitter.push(body), ...splitter.end()];
          addCounts(counts, await this.publish(whole.filter(Buffer.isBuffer)));
        }
      } catch (error) {
        failures.push(`${name}: ${(error as Error).message}`);
      }
    }
    listener.done(`${counts.read} messages`);
    return { counts, failures };
  }

  async ingestTopic(
    { settings, range }: KafkaTopic,
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested> {
    const kafka = connectKafka(settings);
    const log = {
      append: (messages: readonly Buffer[]) => this.publish(messages),
    };
    const onProgress = () => listener.update(range.topic);
    const counts = await readTopic(kafka, range, log, { onProgress, signal });
    return { counts, failures: [] };
  }

  async publish(messages: readonly Buffer[]): Promise<IngestCounts> {
    const counts = noCounts();
    for (const raw of messages) {
      const known = this.home.messages.map(({ event }) => event?.event_id);
      const judged = classify(raw, Date.now());
      const isNew = judged.class === 'accepted';
      counts.read += 1;
      if (isNew && known.includes(judged.event.event_id)) {
        counts.duplicate += 1;
        continue;
      }
      counts[judged.class] += 1;
      if (!isNew) {
        counts.reasons[judged.reason] =
          (counts.reasons[judged.reason] ?? 0) + 1;
      }
      this.home.messages.push({ raw, event: isNew ? judged.event : null });
    }
    return counts;
  }

  async build(
    { full }: { full: boolean },
    listener: Listener,
  ): Promise<BuildResult> {
    const { messages, gold } = this.home;
    const skipped = this.#whyNot(full);
    if (!skipped) {
      const ids = messages.map(({ event }) => event?.request_id);
      this.home.gold = {
        buildId: String(Number(gold?.buildId ?? 0) + 1),
        requests: [...new Set(ids.filter(id => typeof id === 'string'))].sort(),
      };
      this.home.taken = messages.length;
    }
    listener.update('built');
    return {
      buildId: this.home.gold?.buildId ?? null,
      full: full || gold === null,
      skipped,
      watermark: null,
      tests: { passed: 0, failed: 0, warned: 0 },
      failures: [],
      models: [],
      seconds: 0,
    };
  }

  #whyNot(full: boolean): BuildResult['skipped'] {
    const { messages, taken } = this.home;
    if (messages.length === 0) return 'no_events';
    return messages.length === taken && !full ? 'nothing_new' : null;
  }

  async sync(): Promise<SyncResult> {
    const { gold, served } = this.home;
    const isChanged = gold !== served;
    this.home.served = gold;
    return {
      buildId: gold?.buildId ?? null,
      replaced: isChanged ? ['2026-01-15'] : [],
      dropped: [],
      unchanged: gold && !isChanged ? 1 : 0,
      left: 0,
      rows: isChanged ? gold!.requests.length : 0,
      durationMs: 0,
    };
  }

  async maintain() {
    const nothing = {
      filesBefore: 0,
      filesAfter: 0,
      expiredSnapshots: 0,
      removedFiles: 0,
    };
    return { events: nothing, quarantine: nothing, batches: nothing };
  }

  async compare() {
    return [];
  }

  async replay({ all }: ReplayOptions) {
    const judged = all ? this.home.messages.length : 0;
    return { judged, changed: 0, accepted: 0, quarantined: 0 };
  }

  async kpis() {
    const requests = this.home.served?.requests.length ?? 0;
    return { next: null, rows: [{ requests }] } as KpiAnswer;
  }

  async requests({ cursor, limit = 100 }: RequestQuery) {
    const all = this.home.served?.requests ?? [];
    const begin = Number(cursor ?? 0);
    const end = begin + limit;
    return {
      next: end < all.length ? String(end) : null,
      total: all.length,
      rows: all.slice(begin, end).map(request_id => ({ request_id })),
    } as RequestAnswer;
  }

  async availability() {
    return { next: null, rows: [] as object[] } as AvailabilityAnswer;
  }

  async targets() {
    return { next: null, rows: [] as object[] } as TargetAnswer;
  }

  async inventory() {
    return { next: null, orchestrators: [] as object[] } as InventoryAnswer;
  }

  async close(): Promise<void> {}
}
