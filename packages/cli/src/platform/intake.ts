import {
  addCounts,
  connectKafka,
  type EventLog,
  type IngestCounts,
  ingestStream,
  IngestStreamError,
  noCounts,
  readTopic,
  ReadTopicError,
} from '@naap/ingestion';
import type { KafkaTopic } from '../kafka';
import type { Ingested, Input } from './Platform';

/** What takes messages in. */
type Log = Pick<EventLog, 'append'>;

/** Hears how many messages of an input came in so far, in words. */
type OnProgress = (text: string) => void;

/** Messages of inputs into a log, one input after the other: one that breaks off is a failure, and the next one is read. */
export async function takeInputs(
  inputs: readonly Input[],
  log: Log,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Ingested> {
  const counts = noCounts();
  const failures: string[] = [];
  for (const input of inputs) {
    if (signal.aborted) break;
    const before = counts.read;
    const options = {
      onProgress: ({ read }: IngestCounts) =>
        onProgress(`${input.name}: ${before + read} messages`),
    };
    try {
      const stream = input.open(signal);
      addCounts(counts, await ingestStream(stream, log, 'file', options));
    } catch (error) {
      if (error instanceof IngestStreamError) addCounts(counts, error.counts);
      failures.push(`${input.name}: ${(error as Error).message}`);
    }
  }
  return { counts, failures };
}

/** A part of a topic of Kafka into a log, read once; one that breaks off is a failure. */
export async function takeTopic(
  { settings, range }: KafkaTopic,
  log: Log,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Ingested> {
  const options = {
    signal,
    onProgress: ({ read }: IngestCounts) =>
      onProgress(`${range.topic}: ${read} messages`),
  };
  try {
    const kafka = connectKafka(settings);
    return {
      counts: await readTopic(kafka, range, log, options),
      failures: [],
    };
  } catch (error) {
    if (!(error instanceof ReadTopicError)) throw error;
    return { counts: error.counts, failures: [error.message] };
  }
}
