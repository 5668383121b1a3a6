import type { ConnectState } from './ConnectClient';
import { Restarts } from './Restarts';

const MINUTE = 60_000;

describe('Restarts', () => {
  let state: ConnectState;
  let restarts: number;
  let now: number;
  let keeper: Restarts;

  const client = {
    status: async () => ({
      state: 'RUNNING' as const,
      trace: null,
      tasks: [{ id: 0, state, trace: null }],
    }),
    restart: async () => {
      restarts++;
    },
  };
  /** Looks every second. */
  async function pass(ms: number) {
    for (const end = now + ms; now < end; now += 1_000) {
      await keeper.look(['bronze-events'], now);
    }
  }

  beforeEach(() => {
    state = 'FAILED';
    restarts = 0;
    now = 0;
    keeper = new Restarts(client, () => {});
  });

  it('starts what failed anew at once, then after longer and longer', async () => {
    await pass(1_000);
    expect(restarts).toBe(1);
    await pass(9_000);
    expect(restarts).toBe(1);
    await pass(1_000);
    expect(restarts).toBe(2);
    await pass(19_000);
    expect(restarts).toBe(2);
    await pass(60 * MINUTE);
    expect(restarts).toBeGreaterThan(12);
    expect(restarts).toBeLessThan(20);
  });

  it('begins anew with what was well for five minutes, and not before', async () => {
    await pass(30_000);
    expect(restarts).toBe(2);
    state = 'RUNNING';
    await pass(5_000);
    state = 'FAILED';
    await pass(5_000);
    expect(restarts).toBe(3);
    state = 'RUNNING';
    await pass(6 * MINUTE);
    state = 'FAILED';
    await pass(1_000);
    expect(restarts).toBe(4);
    await pass(10_000);
    expect(restarts).toBe(5);
  });

  it.each(['RUNNING', 'PAUSED', 'UNASSIGNED'] as const)(
    'leaves what is %s alone',
    async which => {
      state = which;
      await pass(MINUTE);
      expect(restarts).toBe(0);
    },
  );
});
