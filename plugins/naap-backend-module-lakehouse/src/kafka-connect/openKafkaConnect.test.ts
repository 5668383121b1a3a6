import { mockServices } from '@backstage/backend-test-utils';
import { openKafkaConnect } from './openKafkaConnect';

/** A port of this machine where nobody listens. */
const NOBODY = 'http://127.0.0.1:9';

const open = (naap: object) =>
  openKafkaConnect(
    mockServices.rootConfig({ data: { naap } }),
    mockServices.logger.mock(),
  );

describe('openKafkaConnect', () => {
  it('has nothing to do where no Kafka Connect is configured', async () => {
    expect(await open({})).toBeUndefined();
  });

  it('tells of all declared connectors, also while Kafka Connect is away', async () => {
    const opened = await open({ connect: { url: NOBODY } });
    const { rows, deadLetters, problems } = await opened!.connect.list();
    await opened!.close();
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['bronze-batches', 'unknown'],
      ['bronze-events', 'unknown'],
      ['bronze-quarantine', 'unknown'],
    ]);
    expect(deadLetters).toBeNull();
    expect(problems).toEqual([
      expect.stringContaining(`Kafka Connect at ${NOBODY} can't be reached`),
    ]);
    await expect(
      opened!.connect.change('bronze-events', 'pause'),
    ).rejects.toThrow("can't be reached");
  });

  it.each([
    [{ connect: { url: 'localhost:8083' } }, 'naap.connect.url'],
    [
      { connect: { url: NOBODY }, lake: { catalog: 'jdbc' } },
      "naap.lake.catalog is 'jdbc': use hive or rest",
    ],
    [
      { connect: { url: NOBODY }, kafka: { brokers: 'x' } },
      'naap.kafka.brokers',
    ],
  ])('stops the start for %j, and says why', async (naap, message) => {
    await expect(open(naap)).rejects.toThrow(message);
  });
});
