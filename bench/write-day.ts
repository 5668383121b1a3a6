/**
 * Writes a simulated day as NDJSON, for benchmarks that want a file.
 * Arguments: the file, events per day, seed. How to run it is in docs/simulator.md.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { simulate } from '../packages/ingestion/src/simulator';

const LINES_AT_ONCE = 2000;

const [file, eventsPerDay = '830000', seed = '1'] = process.argv.slice(2);
if (!file) {
  process.stderr.write('write-day: name the file to write\n');
  process.exit(2);
}

const from = Date.UTC(2026, 0, 15);
const descriptor = openSync(file, 'w');

function write(lines: string[]): void {
  let rest = Buffer.from(lines.map(line => `${line}\n`).join(''));
  while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
}

let lines: string[] = [];
for (const { raw } of simulate({
  seed: Number(seed),
  from,
  to: from + 86_400_000,
  eventsPerDay: Number(eventsPerDay),
})) {
  if (lines.push(raw) === LINES_AT_ONCE) {
    write(lines);
    lines = [];
  }
}
write(lines);
closeSync(descriptor);
