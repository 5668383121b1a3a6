import { setTimeout as delay } from 'node:timers/promises';
import { Lateness } from './Lateness';

const block = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('Lateness', () => {
  it('is what passes while nothing else can run, known at once', async () => {
    const lateness = new Lateness();
    await delay(50);
    block(300);
    expect(lateness.ms()).toBeGreaterThan(250);
    lateness.stop();
  });

  it('is what the last tick was late', async () => {
    const lateness = new Lateness();
    await delay(50);
    const late = new Promise<number>(resolve => {
      // Timers of the same turn run after the tick.
      setTimeout(() => resolve(lateness.ms()), 60);
    });
    block(300);
    expect(await late).toBeGreaterThan(200);
    lateness.stop();
  });
});
