import type { KafkaMessage } from 'kafkajs';
import { recordsOf } from './records';

const message = (offset: string, value: Buffer | null) =>
  ({ offset, value } as KafkaMessage);

it('takes what is not in the log yet, a record without a value as an empty message, and goes on after markers', () => {
  const batch = {
    topic: 'raw',
    partition: 2,
    messages: [
      message('9007199254740993', Buffer.from('a')),
      message('9007199254740995', null),
      message('9007199254740996', Buffer.from('b')),
    ],
    // The marker of a transaction.
    lastOffset: () => '9007199254740997',
  };
  expect(recordsOf(batch, 9007199254740994n)).toEqual({
    messages: [Buffer.alloc(0), Buffer.from('b')],
    records: {
      topic: 'raw',
      partition: 2,
      offsets: [9007199254740995n, 9007199254740996n],
      nextOffset: 9007199254740998n,
    },
  });
});
