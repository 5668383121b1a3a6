/**
 * A process to be killed: appends numbered messages to the log of the home in
 * argv[2], three appends at a time, and prints the number of the last message
 * of each one that is acknowledged. Starts after the number in argv[3].
 */
import { EventLog } from '../EventLog';
import { bytesOf, paymentOf } from './homes';

async function main(home: string, start: number) {
  const log = await EventLog.open(home, { waitMs: 10_000 });
  let next = start;
  const take = (count: number) => Array.from({ length: count }, () => next++);
  const appendForever = async () => {
    for (;;) {
      const numbers = take(1 + (next % 300));
      const messages = numbers.flatMap(n => [paymentOf(n), `not json ${n}`]);
      await log.append(bytesOf(...messages), 'child');
      process.stdout.write(`${numbers.join(',')}\n`);
    }
  };
  await Promise.all([appendForever(), appendForever(), appendForever()]);
}

main(process.argv[2], Number(process.argv[3])).catch(error => {
  process.stderr.write(`${error.code} ${error.message}\n`);
  process.exitCode = 1;
});
