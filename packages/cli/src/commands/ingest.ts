import type { IngestCounts } from '@naap/ingestion';
import { Command } from 'commander';
import { createContext } from '../context';
import { FailedError, UsageError } from '../errors';
import { openInputs } from '../inputs';
import { type KafkaOptions, readKafkaTopic } from '../kafka';
import type { Ingested, Listener, Platform } from '../platform/Platform';
import { withPlatform } from '../withPlatform';

/** What is read, in words. */
const SHAPES =
  'NDJSON, JSON arrays, and JSON objects one after another over any number of lines; messages bare, in what kcat -J, Kafka Connect or a Kafka browser wrap them, or as rows of a table with event_id, event_type, event_ts, gateway, data; UTF-8, or UTF-16 with a byte order mark; gzip too';
/** Why a message is rejected that may be none. */
const SHAPELESS = ['not_json', 'not_an_object', 'missing_type'];

export function addIngest(program: Command): void {
  program
    .command('ingest')
    .description(
      `raw Kafka messages → lake; prints the class counts. Reads ${SHAPES}`,
    )
    .argument('[files...]', 'files, or - for standard input')
    .option(
      '--kafka <brokers>',
      'read a topic of Apache Kafka instead, once: host:port,…; NAAP_KAFKA_USERNAME, _PASSWORD, _MECHANISM, _TLS=1 and _CA (a file) say how',
    )
    .option('--topic <name>', 'the topic')
    .option(
      '--from <place>',
      'earliest, latest, an offset or an ISO 8601 time, in every partition',
      'earliest',
    )
    .option(
      '--to <place>',
      'before this; latest: where each partition ends now',
      'latest',
    )
    .action(async (files: string[], options: KafkaOptions) => {
      const ingest = await toIngest(files, options);
      const context = await createContext(program.opts());
      const stopping = new AbortController();
      // Once more ends it at once.
      process.once('SIGINT', () => stopping.abort());
      const { counts, failures } = await withPlatform(
        context,
        (platform, progress) => ingest(platform, progress, stopping.signal),
      );
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      process.stderr.write(hintOf(counts));
      if (failures.length > 0) throw new FailedError(failures.join('\n'));
    });
}

/** Where the messages come from. */
async function toIngest(
  files: string[],
  options: KafkaOptions,
): Promise<
  (
    platform: Platform,
    listener: Listener,
    signal: AbortSignal,
  ) => Promise<Ingested>
> {
  const isTopic = options.kafka !== undefined;
  if (isTopic === files.length > 0) {
    throw new UsageError('name files, or a topic with --kafka and --topic');
  }
  if (isTopic) {
    const topic = await readKafkaTopic(options, process.env);
    return (platform, ...rest) => platform.ingestTopic(topic, ...rest);
  }
  const inputs = await openInputs(files);
  return (platform, ...rest) => platform.ingest(inputs, ...rest);
}

/** What to do about messages that are none, with a line end; empty where all were some. */
export function hintOf({ reasons }: Pick<IngestCounts, 'reasons'>): string {
  const count = SHAPELESS.reduce((sum, one) => sum + (reasons[one] ?? 0), 0);
  return count > 0
    ? `${count} of them are no messages; what is read is ${SHAPES}\n`
    : '';
}
