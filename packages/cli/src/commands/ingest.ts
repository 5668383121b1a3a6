import type { IngestCounts } from '@naap/ingestion';
import { Command } from 'commander';
import { createContext } from '../context';
import { FailedError } from '../errors';
import { openInputs } from '../inputs';
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
    .argument('<files...>', 'files, or - for standard input')
    .action(async (files: string[]) => {
      const inputs = await openInputs(files);
      const context = await createContext(program.opts());
      const stopping = new AbortController();
      // Once more ends it at once.
      process.once('SIGINT', () => stopping.abort());
      const { counts, failures } = await withPlatform(
        context,
        (platform, progress) =>
          platform.ingest(inputs, progress, stopping.signal),
      );
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      process.stderr.write(hintOf(counts));
      if (failures.length > 0) throw new FailedError(failures.join('\n'));
    });
}

/** What to do about messages that are none, with a line end; empty where all were some. */
export function hintOf({ reasons }: Pick<IngestCounts, 'reasons'>): string {
  const count = SHAPELESS.reduce((sum, one) => sum + (reasons[one] ?? 0), 0);
  return count > 0
    ? `${count} of them are no messages; what is read is ${SHAPES}\n`
    : '';
}
