/**
 * A process to be killed: reads the topic in argv[4] of the broker in argv[3] into the log of the home in argv[2], and
 * prints how far it is, a line each time.
 */
import { EventLog } from '../../eventlog/EventLog';
import { connectKafka } from '../connection';
import { KafkaSource } from '../KafkaSource';

async function main(home: string, broker: string, topic: string) {
  const log = await EventLog.open(home, { waitMs: 10_000 });
  const source = new KafkaSource(
    connectKafka({ brokers: [broker] }),
    log,
    { topics: [topic], group: topic, from: 'earliest' },
    {
      onAppended: () => process.stdout.write(`${log.nextOffset}\n`),
      onWarning: message => process.stderr.write(`${message}\n`),
    },
  );
  source.start();
}

const [home, broker, topic] = process.argv.slice(2);
main(home, broker, topic).catch(error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
