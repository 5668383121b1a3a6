import {
  connectKafka,
  KafkaGate,
  mendTopics,
  type TopicDrift,
  topicDrift,
  TOPICS,
  withAdmin,
} from '@naap/ingestion';
import { Command } from 'commander';
import { FailedError, UsageError } from '../errors';
import { keepConnectors } from '../gate/keepConnectors';
import { readKafkaCluster } from '../kafkaCluster';
import { serveState } from '../serveState';
import { toNumber } from '../options';

interface Options {
  kafka: string;
  source: string;
  group: string;
  topics: string;
  connect?: string;
  port?: string;
}

const TOPIC_MODES = ['check', 'mend'];
/** It is looked whether the gate is alive so often, ms. */
const CHECK_MS = 5_000;

const tell = (message: string) => process.stderr.write(`naap: ${message}\n`);

export function addGate(program: Command): void {
  program
    .command('gate')
    .description(
      'raw messages in Kafka → naap.events, naap.quarantine, naap.batches, in transactions; until it is stopped. Any number of replicas',
    )
    .requiredOption(
      '--kafka <brokers>',
      'host:port,…; NAAP_KAFKA_USERNAME, _PASSWORD or _PASSWORD_FILE, _MECHANISM, _TLS=1 and _CA (a file) say how',
      process.env.NAAP_KAFKA_BROKERS,
    )
    .option(
      '--source <topics>',
      'topics that raw messages come by, a,b',
      'network_events',
    )
    .option('--group <name>', 'replicas of one gate are one group', 'naap.gate')
    .option(
      '--topics <mode>',
      'check: tell how the topics differ from what is declared; mend: make and change them',
      'check',
    )
    .option(
      '--connect <url>',
      'of a worker of Kafka Connect: connectors that have failed are started anew, after longer and longer',
    )
    .option(
      '--port <n>',
      'serve its state as JSON at /healthz on this port; 503 while it is not alive',
    )
    .action(async (options: Options) => {
      if (!TOPIC_MODES.includes(options.topics)) {
        throw new UsageError(`--topics is ${TOPIC_MODES.join(' or ')}`);
      }
      const settings = await readKafkaCluster(options.kafka, process.env);
      const kafka = connectKafka(settings, { warn: tell });
      await withAdmin(kafka, async admin => {
        if (options.topics === 'mend') {
          tellDrift(await mendTopics(admin, TOPICS), 'mended');
        }
        tellDrift(await topicDrift(admin, TOPICS), 'differs');
      });
      const gate = new KafkaGate(
        kafka,
        { topics: options.source.split(','), group: options.group },
        { warn: tell },
      );
      await gate.start();
      tell(`the gate reads ${options.source}`);
      const port = options.port && toNumber('--port', options.port);
      const keeper = options.connect
        ? keepConnectors(options.connect, tell)
        : undefined;
      const server = port ? await serveState(gate, port) : undefined;
      try {
        await untilStopped(gate);
      } finally {
        server?.close();
        keeper?.stop();
        await gate.stop();
        process.stdout.write(`${JSON.stringify(gate.state.counts)}\n`);
      }
    });
}

function tellDrift(drift: readonly TopicDrift[], what: string): void {
  for (const { topic, what: name, is, should } of drift) {
    tell(`${what}: ${topic}, ${name}: ${is ?? 'none'}, declared ${should}`);
  }
}

/** Rejects when the gate has lost its cluster: who started it starts it anew. */
async function untilStopped(gate: KafkaGate): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const checking = setInterval(() => {
      if (gate.state.isAlive) return;
      clearInterval(checking);
      reject(
        new FailedError('the gate has not reached its group for a minute'),
      );
    }, CHECK_MS);
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        clearInterval(checking);
        resolve();
      });
    }
  });
}
