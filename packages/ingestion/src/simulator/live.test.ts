import { liveSimulation } from './live';
import { simulate } from './simulate';

const seconds = (count: number) => 1000 * count;

describe('liveSimulation', () => {
  it('goes on where a back-fill ended: neither a gap nor a repeated message', async () => {
    const options = { seed: 9, dirt: 0.05 };
    const stop = new AbortController();
    const from = Date.now() - seconds(90);
    const cut = from + seconds(30);
    const messages = Array.from(simulate({ ...options, from, to: cut }));
    for await (const batch of liveSimulation(
      { ...options, from: cut },
      stop.signal,
    )) {
      messages.push(...batch);
      stop.abort();
    }

    const reached = messages[messages.length - 1].at;
    expect(reached).toBeGreaterThan(from + seconds(60));
    expect(messages).toEqual(
      Array.from(simulate({ ...options, from, to: reached + 1 })).slice(
        0,
        messages.length,
      ),
    );
  });

  it('gives nothing before its time, and no empty batch', async () => {
    const stop = new AbortController();
    const from = Date.now();
    let batches = 0;
    for await (const batch of liveSimulation(
      { seed: 9, eventsPerDay: 1_000_000 },
      stop.signal,
    )) {
      expect(batch.length).toBeGreaterThan(0);
      for (const { at } of batch) {
        expect(at).toBeGreaterThanOrEqual(from);
        expect(at).toBeLessThanOrEqual(Date.now());
      }
      if (++batches === 2) stop.abort();
    }
    expect(batches).toBe(2);
  });

  it('ends at once when it is aborted while it waits', async () => {
    const stop = new AbortController();
    const live = liveSimulation(
      { seed: 9, from: Date.now() + seconds(3600), eventsPerDay: 1000 },
      stop.signal,
    );
    const next = live.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
