import { logPositions } from '@naap/ingestion';
import { ServedLatency } from './ServedLatency';

const append = (nextOffset: number, receivedAt: number, accepted = 1) => ({
  positions: logPositions(nextOffset),
  receivedAt,
  accepted,
});

describe('ServedLatency', () => {
  it('is null before the first event is served', () => {
    const latency = new ServedLatency();
    latency.appended(append(1, 0));
    latency.served(logPositions(0), 5_000);
    expect(latency.p95()).toBeNull();
  });

  it('is the nearest rank over events, not over appends', () => {
    const latency = new ServedLatency();
    latency.appended(append(94, 0, 94));
    latency.appended(append(100, 5_000, 6));
    latency.served(logPositions(100), 10_000);
    expect(latency.p95()).toBe(10_000);

    const other = new ServedLatency();
    other.appended(append(4, 0, 4));
    other.appended(append(100, 5_000, 96));
    other.served(logPositions(100), 10_000);
    expect(other.p95()).toBe(5_000);
  });

  it('counts an append only when all of it is served', () => {
    const latency = new ServedLatency();
    latency.appended(append(10, 0, 10));
    latency.appended(append(20, 2_000, 10));
    latency.served(logPositions(15), 3_000);
    expect(latency.p95()).toBe(3_000);
    latency.served(logPositions(20), 22_000);
    expect(latency.p95()).toBe(20_000);
  });

  it('takes the oldest message of appends of one second', () => {
    const latency = new ServedLatency();
    latency.appended(append(1, 0));
    latency.appended(append(2, 999));
    latency.served(logPositions(1), 5_000);
    expect(latency.p95()).toBeNull();
    latency.served(logPositions(2), 6_000);
    expect(latency.p95()).toBe(6_000);
  });

  it('forgets all but the last ten syncs', () => {
    const latency = new ServedLatency();
    latency.appended(append(1, 0, 1_000));
    latency.served(logPositions(1), 60_000);
    for (let i = 1; i <= 10; i++) {
      latency.appended(append(i + 1, i * 100_000));
      latency.served(logPositions(i + 1), i * 100_000 + 7_000);
    }
    expect(latency.p95()).toBe(7_000);
  });

  it('leaves appends without accepted events out', () => {
    const latency = new ServedLatency();
    latency.appended(append(1, 0, 0));
    latency.served(logPositions(1), 60_000);
    expect(latency.p95()).toBeNull();
  });
});
