import { simulate, SimulateOptions } from '@naap/ingestion';
import { Command } from 'commander';
import { once } from 'node:events';
import { UsageError } from '../errors';
import { readKafkaCluster } from '../kafkaCluster';
import { toNumber, toTime } from '../options';
import { findPlaces } from '../places';
import { simulateIntoKafka } from '../simulate/simulateIntoKafka';

interface Options {
  kafka?: string;
  port?: string;
  seed: string;
  from?: string;
  to?: string;
  eventsPerDay: string;
  orchestrators: string;
  dirt: string;
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description(
      'prints the messages of a simulated network as NDJSON, by default of the last 24 hours',
    )
    .option(
      '--kafka <brokers>',
      'publish to the topic network_events of these brokers instead (as of naap gate): the past day and then live, until it is stopped',
    )
    .option(
      '--port <n>',
      'with --kafka: serve its state as JSON at /healthz on this port',
    )
    .option('--seed <n>', 'decides what the network is and does', '1')
    .option('--from <time>', 'ISO 8601, UTC')
    .option('--to <time>', 'ISO 8601, UTC, not included')
    .option('--events-per-day <n>', 'how busy it is', '200000')
    .option('--orchestrators <n>', 'how many there are', '60')
    .option(
      '--dirt <share>',
      'share of the messages that something happens to',
      '0.002',
    )
    .action(async (options: Options) => {
      if (options.kafka !== undefined) {
        await publish(options.kafka, options);
        return;
      }
      const to = Date.parse(
        toTime('--to', options.to) ?? new Date().toISOString(),
      );
      const from = options.from
        ? Date.parse(toTime('--from', options.from)!)
        : to - 24 * 3_600_000;
      if (from >= to) throw new UsageError('--from is not before --to');
      const network: SimulateOptions = {
        seed: toNumber('--seed', options.seed),
        from,
        to,
        eventsPerDay: toNumber('--events-per-day', options.eventsPerDay),
        orchestrators: toNumber('--orchestrators', options.orchestrators),
        dirt: toNumber('--dirt', options.dirt),
      };
      await write(network);
    });
}

async function publish(
  brokers: string,
  { eventsPerDay, port }: Options,
): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => stopping.abort());
  }
  const { home } = await findPlaces();
  await simulateIntoKafka(home, await readKafkaCluster(brokers, process.env), {
    eventsPerDay: toNumber('--events-per-day', eventsPerDay),
    port: port === undefined ? undefined : toNumber('--port', port),
    say: text => process.stderr.write(`naap: ${text}\n`),
    signal: stopping.signal,
  });
}

async function write(network: SimulateOptions): Promise<void> {
  let lines: string[] = [];
  const flush = async () => {
    if (!process.stdout.write(`${lines.join('\n')}\n`)) {
      await once(process.stdout, 'drain');
    }
    lines = [];
  };
  try {
    for (const { raw } of simulate(network)) {
      lines.push(raw);
      if (lines.length === 1000) await flush();
    }
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
  if (lines.length > 0) await flush();
}
