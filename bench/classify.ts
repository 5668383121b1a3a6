/**
 * Prints how fast classify() is, as a fraction of bare JSON.parse over the same
 * messages in the same run. The limit is 0.55; exits 1 below it.
 */
import { classify } from '@naap/events';
import { messagesOfADay } from './messages';

const MESSAGES = 100_000;
const ROUNDS = 7;
const LIMIT = 0.55;

const messages = Array.from(messagesOfADay(MESSAGES), bytes =>
  bytes.toString('utf8'),
);
const megabytes = messages.reduce((sum, m) => sum + m.length, 0) / 1e6;
const now = Date.now();

function seconds(work: (message: string) => unknown): number {
  const start = process.hrtime.bigint();
  for (const message of messages) work(message);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

// Rounds alternate, so that a busy machine slows both.
let parse = Infinity;
let classifying = Infinity;
for (let round = 0; round < ROUNDS; round++) {
  parse = Math.min(parse, seconds(JSON.parse));
  classifying = Math.min(
    classifying,
    seconds(message => classify(message, now)),
  );
}

const ratio = parse / classifying;
console.log(
  JSON.stringify({
    messages: MESSAGES,
    json_parse_mb_per_s: Math.round(megabytes / parse),
    classify_mb_per_s: Math.round(megabytes / classifying),
    ratio: Number(ratio.toFixed(3)),
    limit: LIMIT,
    ok: ratio >= LIMIT,
  }),
);
process.exitCode = ratio >= LIMIT ? 0 : 1;
