import { setImmediate } from 'node:timers/promises';
import { comesIn, mapInSlices, Slices } from './slices';

/** Keeps the main thread for longer than a slice may. */
function work(): void {
  const until = performance.now() + 15;
  while (performance.now() < until);
}

describe('work in slices', () => {
  it('lets others in between two slices, and one slice of one work each time, however much of it there is', async () => {
    let rounds = 0;
    let works = 8;
    const perRound: number[] = [];
    const slicing = Array.from({ length: works }, async () => {
      const slices = new Slices();
      for (let i = 0; i < 3; i++) {
        if (slices.over()) await slices.rest();
        perRound[rounds] = (perRound[rounds] ?? 0) + 1;
        work();
      }
      works--;
    });
    // All begin at once; from then on each has its turn.
    while (works > 0) {
      rounds++;
      await setImmediate();
    }
    await Promise.all(slicing);
    expect(perRound[0]).toBe(8);
    expect(Math.max(...perRound.slice(1).filter(Boolean))).toBe(1);
  });

  it('waits while others come in, each time round the event loop one', async () => {
    const slices = new Slices();
    const order: string[] = [];
    const working = slices.rest().then(() => order.push('work'));
    for (let i = 0; i < 5; i++) {
      comesIn();
      order.push('in');
      await setImmediate();
    }
    await working;
    expect(order).toEqual([...Array(5).fill('in'), 'work']);
  });

  it('makes something of each row, in order', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => i);
    expect(await mapInSlices(rows, row => row * 2)).toEqual(
      rows.map(row => row * 2),
    );
  });
});
