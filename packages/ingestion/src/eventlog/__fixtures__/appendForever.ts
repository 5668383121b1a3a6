/**
 * A process to be killed: appends numbered messages to the log of the home in
 * argv[2], three appends at a time, and prints the numbers of the messages of
 * each one that is acknowledged. Starts with the number in argv[3]; every
 * message has another with it that is rejected and filled to argv[4] characters.
 */
import { EventLog } from '../EventLog';
import { bytesOf, junkOf, paymentOf } from './homes';

async function main(home: string, start: number, length: number) {
  const log = await EventLog.open(home, { waitMs: 10_000 });
  let next = start;
  const take = (count: number) => Array.from({ length: count }, () => next++);
  const appendForever = async () => {
    for (;;) {
      const numbers = take(1 + (next % 300));
      const messages = numbers.flatMap(n => [paymentOf(n), junkOf(n, length)]);
      await log.append(bytesOf(...messages), 'child');
      process.stdout.write(`${numbers.join(',')}\n`);
    }
  };
  await Promise.all([appendForever(), appendForever(), appendForever()]);
}

const [home, start, length] = process.argv.slice(2);
main(home, Number(start), Number(length)).catch(error => {
  process.stderr.write(`${error.code} ${error.message}\n`);
  process.exitCode = 1;
});
