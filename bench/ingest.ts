/**
 * Brings a day of the network (830,000 messages) from a file into the event
 * log: classified, deduplicated and durable. Prints the time beside that of
 * bare JSON.parse over the same lines in the same run; exits 1 over the limit.
 */
import { EventLog, ingestStream } from '@naap/ingestion';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messagesOfADay } from './messages';

const MESSAGES = 830_000;
const LIMIT_SECONDS = 8;
const LIMIT_RSS_MB = 700;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function* lines(): Generator<Buffer> {
  let batch: Buffer[] = [];
  const newline = Buffer.from('\n');
  for (const message of messagesOfADay(MESSAGES)) {
    batch.push(message, newline);
    if (batch.length >= 2000) {
      yield Buffer.concat(batch);
      batch = [];
    }
  }
  yield Buffer.concat(batch);
}

async function main() {
  const directory = mkdtempSync(join(tmpdir(), 'naap-bench-'));
  try {
    const file = join(directory, 'day.ndjson');
    const output = createWriteStream(file);
    await pipeline(Readable.from(lines()), output);

    const log = await EventLog.open(join(directory, 'home'));
    const read = () => createReadStream(file, { highWaterMark: 1024 * 1024 });
    const ingest = await timed(async () => {
      const { accepted } = await ingestStream(read(), log, 'file');
      if (accepted !== MESSAGES) throw new Error(`accepted ${accepted}`);
    });
    const peak = process.resourceUsage().maxRSS / 1024;
    const again = await timed(async () => {
      const { duplicate } = await ingestStream(read(), log, 'file');
      if (duplicate !== MESSAGES) throw new Error(`duplicate ${duplicate}`);
    });
    await log.close();

    const parse = await timed(async () => {
      for await (const line of createInterface({ input: read() })) {
        JSON.parse(line);
      }
    });
    const ok = ingest <= LIMIT_SECONDS && peak <= LIMIT_RSS_MB;
    console.log(
      JSON.stringify({
        messages: MESSAGES,
        megabytes: Math.round(output.bytesWritten / 1e6),
        ingest_s: Number(ingest.toFixed(2)),
        again_s: Number(again.toFixed(2)),
        readline_and_json_parse_s: Number(parse.toFixed(2)),
        ratio: Number((ingest / parse).toFixed(2)),
        peak_rss_mb: Math.round(peak),
        limit_s: LIMIT_SECONDS,
        limit_rss_mb: LIMIT_RSS_MB,
        ok,
      }),
    );
    process.exitCode = ok ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

main();
