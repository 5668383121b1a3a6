import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { eventBusContract } from '../testing/eventBusContract';
import { EventLog } from './EventLog';
import { EventLogBus, logPositions } from './EventLogBus';

describe('EventLogBus', () => {
  let home: string;
  let log: EventLog;
  let bus: EventLogBus;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-bus-'));
    log = await EventLog.open(home);
    bus = new EventLogBus(log);
  });

  afterEach(async () => {
    await log.close();
    await rm(home, { recursive: true });
  });

  eventBusContract(async () => ({ bus, refuse: () => log.close() }));

  it('is as far as its log', async () => {
    const answer = await bus.publish(Readable.from([Buffer.from('oops')]), 'a');
    expect(answer.positions).toEqual(logPositions(log.nextOffset));
    await bus.append([Buffer.from('oh')], 'scraper');
    expect(await bus.positions()).toEqual(logPositions(log.nextOffset));
  });
});
