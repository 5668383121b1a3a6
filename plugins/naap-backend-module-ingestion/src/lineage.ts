import type { RootConfigService } from '@backstage/backend-plugin-api';
import { type EventBus, messagesBelow, TOPIC } from '@naap/ingestion';
import type { LineageGraph, LineageSource } from '@naap/plugin-naap-node';

type LineageNode = LineageGraph['nodes'][number];

const TOPIC_NODE = `topic.${TOPIC}`;

/** From who brings messages to the gate. */
export function ingestionLineage(
  config: RootConfigService,
  bus: Pick<EventBus, 'positions'>,
): LineageSource {
  const pushing = (
    config.getOptionalConfigArray('naap.ingestion.sources') ?? []
  ).map(source => ({
    name: source.getString('name'),
    description: 'Pushes messages over HTTP with a token of its own.',
  }));
  const topics = config.getOptionalStringArray('naap.ingestion.kafka.topics');
  const sources = [
    ...pushing,
    ...(topics
      ? [
          {
            name: 'kafka',
            description: `Topics of Apache Kafka that are read: ${topics.join(
              ', ',
            )}.`,
          },
        ]
      : []),
    {
      name: 'file',
      description: 'Messages that the operator brings with naap ingest.',
    },
  ];
  const scraper: LineageNode = {
    id: 'source.scraper',
    layer: 'source',
    type: 'source',
    title: 'Pull scraper',
    description:
      'What orchestrators, nodes and runners answer when they are asked, round by round.',
    step: 'scrape',
    entity: {
      kind: 'Component',
      name: 'naap-scraper',
      type: 'data-pipeline',
      tags: ['ingestion'],
    },
    detailed: false,
  };
  return {
    id: 'ingestion',
    async read() {
      return {
        nodes: [
          ...sources.map(({ name, description }) => ({
            id: `source.${name}`,
            layer: 'source' as const,
            type: 'source',
            title: name,
            description,
            step: null,
            entity: null,
            detailed: false,
          })),
          scraper,
          {
            id: TOPIC_NODE,
            layer: 'topic',
            type: 'topic',
            title: TOPIC,
            description:
              'Every message as it came, durable before it is acknowledged.',
            step: null,
            entity: {
              kind: 'Resource',
              name: TOPIC,
              type: 'topic',
              tags: ['ingestion'],
            },
            detailed: false,
          },
          {
            id: 'gate',
            layer: 'gate',
            type: 'process',
            title: 'Quality gate',
            description:
              'Puts every message into one class: accepted, duplicate, ignored or rejected, with the reason.',
            step: null,
            entity: {
              kind: 'Component',
              name: 'naap-gate',
              type: 'data-pipeline',
              tags: ['ingestion'],
            },
            detailed: false,
          },
        ],
        edges: [
          ...sources.map(({ name }) => ({
            from: `source.${name}`,
            to: TOPIC_NODE,
          })),
          { from: scraper.id, to: TOPIC_NODE },
          { from: TOPIC_NODE, to: 'gate' },
        ],
      };
    },
    async facts() {
      return { [TOPIC_NODE]: { rows: messagesBelow(await bus.positions()) } };
    },
  };
}
