import * as system from '@naap/system';
import { bytesOf, paymentOf, temporaryHomes } from './__fixtures__/homes';
import { EventLog } from './EventLog';

jest.mock('@naap/system', () => ({
  ...jest.requireActual('@naap/system'),
  freeBytes: jest.fn(),
}));

const newHome = temporaryHomes();
const free = jest.mocked(system.freeBytes);
const { RESERVE_BYTES } = system;

it('refuses while there is a reserve for the databases beside it, takes nothing of what it refuses, and goes on with room', async () => {
  const log = await EventLog.open(newHome());
  const [first, second] = bytesOf(paymentOf('a'), paymentOf('b'));
  free.mockResolvedValue(RESERVE_BYTES + first.length);
  expect(await log.append([first], 'tester')).toMatchObject({ accepted: 1 });
  expect(await log.room()).toMatchObject({ full: false });

  const { nextOffset } = log;
  const full = {
    code: 'NO_SPACE',
    message: expect.stringMatching(
      /^The disk is full: 63 MB are free .* 64 MB are kept/,
    ),
  };
  free.mockResolvedValue(RESERVE_BYTES - 1);
  expect(await log.room()).toEqual({
    freeBytes: RESERVE_BYTES - 1,
    full: true,
  });
  await expect(log.append([second], 'tester')).rejects.toMatchObject(full);
  // Also to who brings nothing: so readiness is asked.
  await expect(log.append([], 'tester')).rejects.toMatchObject(full);
  // What would eat into the reserve.
  free.mockResolvedValue(RESERVE_BYTES + second.length - 1);
  await expect(log.append([second], 'tester')).rejects.toMatchObject({
    code: 'NO_SPACE',
  });
  expect(log.nextOffset).toBe(nextOffset);

  free.mockResolvedValue(RESERVE_BYTES * 2);
  expect(await log.append([first, second], 'tester')).toMatchObject({
    accepted: 1,
    duplicate: 1,
  });
  await log.close();
});
