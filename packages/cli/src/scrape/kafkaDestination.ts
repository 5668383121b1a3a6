import {
  connectKafka,
  KafkaBus,
  type KafkaSettings,
  TOPIC,
} from '@naap/ingestion';
import { Readable } from 'node:stream';
import type { Destination } from './Destination';

/** The topic of raw messages. Whom reports named is not told there: only who is configured is asked. */
export async function kafkaDestination(
  settings: KafkaSettings,
): Promise<Destination> {
  const bus = await KafkaBus.open(connectKafka(settings), TOPIC);
  return {
    reported: async () => [],
    async publish(messages, source) {
      const lines = messages.flatMap(line => [line, Buffer.from('\n')]);
      const { positions, ...counts } = await bus.publish(
        Readable.from(lines),
        source,
        { encoding: 'identity', format: 'lines' },
      );
      return counts;
    },
    close: () => bus.close(),
  };
}
