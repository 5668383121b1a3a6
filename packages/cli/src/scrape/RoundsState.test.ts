import { RoundsState } from './RoundsState';

const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: 10 * MINUTE }));
afterEach(() => jest.useRealTimers());

it('is alive while there was no time for a round', () => {
  const service = new RoundsState(MINUTE);
  expect(service.state).toEqual({ isAlive: true, rounds: 0, lastRound: null });
  jest.setSystemTime(14 * MINUTE);
  expect(service.state.isAlive).toBe(false);
});

it('is alive as long as not all of the last three rounds were lost', () => {
  const service = new RoundsState(MINUTE);
  service.published(10 * MINUTE);
  jest.setSystemTime(14 * MINUTE - 1);
  expect(service.state).toEqual({
    isAlive: true,
    rounds: 1,
    lastRound: '1970-01-01T00:10:00.000Z',
  });
  jest.setSystemTime(14 * MINUTE);
  expect(service.state.isAlive).toBe(false);
});
