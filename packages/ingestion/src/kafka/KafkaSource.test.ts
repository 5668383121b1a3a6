import { temporaryHomes } from '../eventlog/__fixtures__/homes';
import { EventLog } from '../eventlog/EventLog';
import { connectKafka } from './connection';
import { KafkaSource } from './KafkaSource';

const newHome = temporaryHomes();

describe('a source of Kafka whose broker is away', () => {
  it('says so, is not alive, and ends when it is told to', async () => {
    const log = await EventLog.open(newHome());
    const said = Promise.withResolvers<string>();
    const source = new KafkaSource(
      connectKafka({ brokers: ['127.0.0.1:1'] }),
      log,
      { topics: ['network_events'], group: 'naap', from: 'earliest' },
      { onWarning: said.resolve },
    );
    source.start();
    expect(await said.promise).toContain('ECONNREFUSED 127.0.0.1:1');
    expect(source.state).toMatchObject({ alive: false, lag: null });
    await source.stop();
    await log.close();
  });
});
