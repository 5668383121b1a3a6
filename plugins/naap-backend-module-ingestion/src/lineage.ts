import type { RootConfigService } from '@backstage/backend-plugin-api';
import { TOPIC } from '@naap/ingestion';
import type { EventSink, LineageSource } from '@naap/plugin-naap-node';

const TOPIC_NODE = `topic.${TOPIC}`;

/** From who brings messages to the gate. */
export function ingestionLineage(
  config: RootConfigService,
  sink: Pick<EventSink, 'nextOffset'>,
): LineageSource {
  const pushing = (
    config.getOptionalConfigArray('naap.ingestion.sources') ?? []
  ).map(source => ({
    name: source.getString('name'),
    description: 'Pushes messages over HTTP with a token of its own.',
  }));
  const sources = [
    ...pushing,
    {
      name: 'file',
      description: 'Messages that the operator brings with naap ingest.',
    },
  ];
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
          { from: TOPIC_NODE, to: 'gate' },
        ],
      };
    },
    async facts() {
      return { [TOPIC_NODE]: { rows: sink.nextOffset() } };
    },
  };
}
