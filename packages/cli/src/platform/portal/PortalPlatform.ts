import {
  addCounts,
  type IngestCounts,
  noCounts,
  piecesOf,
  ReplayOptions,
  ReplaySummary,
} from '@naap/ingestion';
import type {
  BronzeTable,
  BuildResult,
  MaintainResult,
  PartitionCoordinates,
} from '@naap/lakehouse';
import type {
  AvailabilityQuery,
  KpiQuery,
  PageQuery,
  RequestQuery,
  SyncResult,
  TargetQuery,
} from '@naap/serving';
import type { KafkaTopic } from '../../kafka';
import type {
  BuildChoice,
  Ingested,
  Input,
  Listener,
  Platform,
} from '../Platform';
import { FailedError } from '../../errors';
import { reasonOf, RunningPortal } from './RunningPortal';
import { nothingSent, Sent, sendPieces } from './sendPieces';

/** The platform of a portal, through its API. A step answers with what it reports of its run. */
export class PortalPlatform implements Platform {
  constructor(private readonly portal: RunningPortal) {}

  async ingest(
    inputs: readonly Input[],
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested> {
    const counts = noCounts();
    const failures: string[] = [];
    let uncertain = 0;
    for (const input of inputs) {
      if (signal.aborted) break;
      const sent = nothingSent();
      try {
        await sendPieces(this.portal, piecesOf(input.open(signal)), sent, {
          onSent: () => listener.update(howFar(input.name, sent)),
          signal,
        });
      } catch (error) {
        const reason = signal.aborted ? 'stopped' : reasonOf(error);
        failures.push(
          `${reason}; ${howFar(
            input.name,
            sent,
          )} of it are stored, maybe part of what follows; sent again, they only make duplicates`,
        );
      }
      addCounts(counts, sent.counts);
      uncertain += sent.uncertain;
    }
    if (uncertain > 0) {
      listener.done(
        `up to ${uncertain} of the duplicates may be messages of this input: a piece was sent again, and the portal did not know its first try`,
      );
    }
    // Without it events get into the lake by themselves.
    if (!signal.aborted && (await this.portal.hasStep('commit'))) {
      await this.portal.runStep('commit', {}, listener);
    }
    return { counts, failures };
  }

  async ingestTopic(
    _topic: KafkaTopic,
    _listener: Listener,
    _signal: AbortSignal,
  ): Promise<Ingested> {
    throw new FailedError(
      'a portal is running on this home and has its event log: name the topic in naap.ingestion.kafka, and it reads it; or stop it (./naap down) for this',
    );
  }

  publish(messages: readonly Buffer[], source: string): Promise<IngestCounts> {
    const body = Buffer.concat(
      messages.flatMap(message => [message, Buffer.from('\n')]),
    );
    return this.portal.sendEvents(body, { source });
  }

  async build(choice: BuildChoice, listener: Listener) {
    const details = await this.portal.runStep('build', choice, listener);
    return details as unknown as BuildResult;
  }

  async sync(listener: Listener) {
    const details = await this.portal.runStep('sync', {}, listener);
    return details as unknown as SyncResult;
  }

  async maintain(listener: Listener) {
    const details = await this.portal.runStep('maintain', {}, listener);
    return details as Record<BronzeTable, MaintainResult>;
  }

  async compare(listener: Listener) {
    const details = await this.portal.runStep('compare', {}, listener);
    return details.partitions as PartitionCoordinates[];
  }

  async replay({ from, to, all }: ReplayOptions, listener: Listener) {
    const args = {
      ...(from && { from }),
      ...(to && { to }),
      ...(all && { full: true }),
    };
    const details = await this.portal.runStep('replay', args, listener);
    return details as unknown as ReplaySummary;
  }

  kpis(query: KpiQuery) {
    return this.portal.client.kpis(query);
  }

  requests(query: RequestQuery) {
    return this.portal.client.requests(query);
  }

  availability(query: AvailabilityQuery) {
    return this.portal.client.availability(query);
  }

  targets(query: TargetQuery) {
    return this.portal.client.targets(query);
  }

  inventory(query: PageQuery) {
    return this.portal.client.inventory(query);
  }

  /** The portal goes on. */
  async close(): Promise<void> {}
}

/** How far an input got, in words. */
function howFar(name: string, { bytes, counts }: Sent): string {
  const mebibytes = (bytes / 2 ** 20).toFixed(bytes < 2 ** 30 ? 1 : 0);
  return `${name}: ${mebibytes} MiB, ${counts.read} messages`;
}
