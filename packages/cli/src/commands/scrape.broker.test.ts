import {
  connectKafka,
  KafkaBus,
  mendTopics,
  TOPIC,
  TOPICS,
  withAdmin,
} from '@naap/ingestion';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createProgram } from '../program';

const broker = process.env.NAAP_TEST_KAFKA ?? '';
const kafka = connectKafka({ brokers: broker.split(',') });

/** How many messages the topic ever had. */
async function published(): Promise<bigint> {
  const bus = await KafkaBus.open(kafka, TOPIC);
  try {
    const positions = await bus.positions();
    return [...positions.values()].reduce((sum, one) => sum + one, 0n);
  } finally {
    await bus.close();
  }
}

it('naap scrape --kafka publishes what a round found, and opens no home of the platform', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'naap-scrape-'));
  const targets = join(directory, 'targets');
  await writeFile(targets, 'http://169.254.169.254\nnonsense\n');
  process.env.NAAP_ROOT = resolve(__dirname, '../../../..');
  process.env.NAAP_HOME = join(directory, 'home');
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await withAdmin(kafka, admin => mendTopics(admin, TOPICS));
    const before = await published();
    await createProgram().parseAsync([
      ...['node', 'naap', 'scrape', '--once'],
      ...['--targets', targets, '--kafka', broker],
    ]);
    const { read, accepted } = JSON.parse(String(printed.mock.calls[0][0]));
    expect(accepted).toBe(read);
    expect((await published()) - before).toBe(BigInt(read));
    expect(read).toBeGreaterThanOrEqual(2);
  } finally {
    jest.restoreAllMocks();
    await rm(directory, { recursive: true });
  }
});
