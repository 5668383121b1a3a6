import {
  connectKafka,
  KafkaBus,
  type KafkaSettings,
  TOPIC,
} from '@naap/ingestion';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { serveState } from '../serveState';
import { readUntil, runSimulator, SIMULATOR, writeUntil } from './runSimulator';
import { SimulatorState } from './SimulatorState';

/**
 * Publishes a simulated network, labelled as such, until the signal aborts: the past day, or what passed since the last
 * start on this home, and then live. Into a topic that has messages of others it brings none.
 *
 * @param options.port - where its state is served, if anywhere
 */
export async function simulateIntoKafka(
  home: string,
  settings: KafkaSettings,
  options: {
    eventsPerDay: number;
    port: number | undefined;
    say: (text: string) => void;
    signal: AbortSignal;
  },
): Promise<void> {
  const { eventsPerDay, port, say, signal } = options;
  await mkdir(join(home, 'run'), { recursive: true });
  const stateFile = join(home, 'run', 'simulator.json');
  const bus = await KafkaBus.open(connectKafka(settings), TOPIC);
  const service = new SimulatorState();
  const server = port ? await serveState(service, port) : undefined;
  try {
    if ((await readUntil(stateFile)) === null) {
      const ends = [...(await bus.positions()).values()];
      if (ends.some(end => end > 0n)) {
        say('others have brought messages already: no network is simulated');
        await once(signal, 'abort');
        return;
      }
      // From now on what is there may be its own.
      await writeUntil(stateFile, 0);
    }
    await runSimulator(
      stateFile,
      messages =>
        bus.publish(Readable.from([Buffer.from(messages)]), SIMULATOR, {
          encoding: 'identity',
          format: 'lines',
        }),
      {
        eventsPerDay,
        taken: (messages, until) => service.taken(messages, until),
        say,
        signal,
      },
    );
  } finally {
    server?.close();
    await bus.close();
  }
}
