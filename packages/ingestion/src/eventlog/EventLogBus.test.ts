import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { eventBusContract } from '../testing/eventBusContract';
import { EventLog } from './EventLog';
import { type Append, EventLogBus, logPositions } from './EventLogBus';

describe('EventLogBus', () => {
  let home: string;
  let log: EventLog;
  let bus: EventLogBus;
  let appends: Append[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-bus-'));
    log = await EventLog.open(home);
    appends = [];
    bus = new EventLogBus(log, append => appends.push(append));
  });

  afterEach(async () => {
    await log.close();
    await rm(home, { recursive: true });
  });

  eventBusContract(async () => ({ bus, refuse: () => log.close() }));

  it('tells of every durable append how far the log is with it', async () => {
    const answer = await bus.publish(Readable.from([Buffer.from('oops')]), 'a');
    const { nextOffset } = await bus.append([Buffer.from('oh')], 'scraper');
    expect(appends).toEqual(
      [answer.positions, logPositions(nextOffset)].map(positions => ({
        positions,
        accepted: 0,
        receivedAt: expect.any(Number),
      })),
    );
    expect(await bus.positions()).toEqual(logPositions(log.nextOffset));
  });
});
