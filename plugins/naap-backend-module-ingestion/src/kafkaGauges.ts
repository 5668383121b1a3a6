import type { KafkaIntake } from '@naap/plugin-naap-common';
import type { LayerCounter } from '@naap/plugin-naap-node';

/** How far the platform is with topics of Kafka, for the page of Prometheus metrics. The topics are those that the configuration names. */
export function kafkaGauges(intake: () => KafkaIntake): LayerCounter[] {
  return [
    {
      name: 'naap_kafka_up',
      help: '1: connected, and asked the broker for messages in the last minute',
      labelNames: [],
      gauge: true,
      read: () => [{ labels: {}, value: intake().alive ? 1 : 0 }],
    },
    {
      name: 'naap_kafka_lag',
      help: 'Messages of a partition that the event log does not have yet',
      labelNames: ['topic', 'partition'],
      gauge: true,
      read: () =>
        intake().partitions.map(({ topic, partition, lag }) => ({
          labels: { topic, partition: `${partition}` },
          value: lag,
        })),
    },
  ];
}
