/**
 * A process whose files may not grow over a limit: appends messages to the log
 * of the home in argv[2] until one append is refused, then a small one. Prints
 * how each ended as JSON.
 */
import { EventLog } from '../EventLog';
import { EventLogError } from '../EventLogError';
import { bytesOf, paymentOf } from './homes';

async function main(home: string) {
  const log = await EventLog.open(home);
  const append = async (n: number, length: number) => {
    const data = { text: 'x'.repeat(length) };
    try {
      await log.append(bytesOf(paymentOf(n, { data })), 'child');
      return 'stored';
    } catch (error) {
      const { code, message } = error as EventLogError;
      return { code, message };
    }
  };
  const outcomes = [
    await append(0, 400_000),
    // Together in one group: the first of them fits, the second does not.
    ...(await Promise.all([append(1, 400_000), append(2, 400_000)])),
    await append(3, 1000),
  ];
  await log.close();
  process.stdout.write(JSON.stringify(outcomes));
}

main(process.argv[2]);
