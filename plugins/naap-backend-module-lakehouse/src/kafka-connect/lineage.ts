import { DEAD_LETTERS_TOPIC } from '@naap/ingestion';
import { tableOf, topicsOf } from '@naap/lakehouse';
import type {
  LineageGraph,
  LineageNodeFacts,
  LineageSource,
} from '@naap/plugin-naap-node';
import type { KafkaConnect } from './KafkaConnect';

type Node = LineageGraph['nodes'][number];

const topicNode = (topic: string) => `kafka.${topic}`;
const connectorNode = (name: string) => `connector.${name}`;

/** The engines that connectors rest on. */
const CONNECT = 'naap-kafka-connect';
const KAFKA = 'naap-kafka';

/** Null: neither well nor ill, such as one that is paused. */
function okOf(state: string): boolean | null {
  if (state === 'running') return true;
  return ['failed', 'missing', 'stopped'].includes(state) ? false : null;
}

function nodeOfTopic(topic: string, description: string): Node {
  return {
    id: topicNode(topic),
    layer: 'gate',
    type: 'topic',
    title: topic,
    description,
    step: null,
    entity: {
      kind: 'Resource',
      name: topic,
      type: 'topic',
      tags: ['kafka'],
      restsOn: [KAFKA],
    },
    detailed: false,
  };
}

/** From the gate by the topics that it writes and the connectors that read them to the tables of the lake. */
export function kafkaConnectLineage(
  connect: Pick<KafkaConnect, 'declared' | 'list'>,
): LineageSource {
  const { declared } = connect;
  const topics = [
    ...new Set(declared.flatMap(({ config }) => topicsOf(config))),
  ];
  return {
    id: 'kafka-connect',
    async read() {
      return {
        nodes: [
          ...topics.map(topic =>
            nodeOfTopic(
              topic,
              'What the gate writes, in the columns of its table.',
            ),
          ),
          nodeOfTopic(
            DEAD_LETTERS_TOPIC,
            'Records that a connector could not read, with the reason in their headers.',
          ),
          ...declared.map(
            ({ name, config }): Node => ({
              id: connectorNode(name),
              layer: 'gate',
              type: 'process',
              title: name,
              description: `Connector of Kafka Connect: writes ${
                topicsOf(config).join(', ') || 'nothing'
              } to ${tableOf(config) ?? 'no table'} as Parquet.`,
              step: null,
              entity: {
                kind: 'Component',
                name,
                type: 'connector',
                tags: ['kafka', 'lakehouse'],
                restsOn: [CONNECT, 'naap-iceberg'],
              },
              detailed: false,
            }),
          ),
        ],
        edges: [
          ...topics.map(topic => ({ from: 'gate', to: topicNode(topic) })),
          ...declared.flatMap(({ name, config }) => {
            const table = tableOf(config);
            return [
              ...topicsOf(config).map(topic => ({
                from: topicNode(topic),
                to: connectorNode(name),
              })),
              ...(table ? [{ from: connectorNode(name), to: table }] : []),
              {
                from: connectorNode(name),
                to: topicNode(DEAD_LETTERS_TOPIC),
              },
            ];
          }),
        ],
        parts: [
          {
            kind: 'Resource',
            name: KAFKA,
            type: 'broker',
            title: 'Apache Kafka',
            description: 'Brokers that keep the topics.',
            step: null,
          },
          {
            kind: 'Component',
            name: CONNECT,
            type: 'service',
            title: 'Kafka Connect',
            description: 'Workers that run the connectors.',
            step: null,
            restsOn: [KAFKA],
          },
        ],
      };
    },
    async facts() {
      const { rows, deadLetters } = await connect.list();
      const facts: Record<string, LineageNodeFacts> = {
        [topicNode(DEAD_LETTERS_TOPIC)]: {
          rows: deadLetters,
          ok: deadLetters === null ? null : deadLetters === 0,
        },
      };
      for (const { name, state, committedAt } of rows) {
        facts[connectorNode(name)] = {
          updatedAt: committedAt,
          ok: okOf(state),
        };
      }
      return facts;
    },
  };
}
