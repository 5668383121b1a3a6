import { writeSync } from 'node:fs';
import { LossyOutput } from '../LossyOutput';

const LINES = 20_000;
const TELL_FD = 3;

/** Tells 20,000 lines of a log to stdout, and then, on another way out, how late its timers were at most, in ms. */
async function main(): Promise<void> {
  const output = new LossyOutput(process.stdout);
  // As Backstage has it: what nobody caught is told, in the log.
  process.on('uncaughtException', error => output.write(`${error.stack}\n`));
  let late = 0;
  let due = performance.now() + 10;
  const timer = setInterval(() => {
    late = Math.max(late, performance.now() - due);
    due = performance.now() + 10;
  }, 10);
  for (let n = 0; n < LINES; n++) {
    output.write(`${n} ${'x'.repeat(200)}\n`);
    if (n % 100 === 0) await new Promise(resolve => setImmediate(resolve));
  }
  clearInterval(timer);
  writeSync(TELL_FD, JSON.stringify({ told: LINES, late }));
  process.exit(0);
}

main();
