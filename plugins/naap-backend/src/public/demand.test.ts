import { kpiRow, supplyRow } from '../__testUtils__/rows';
import { capacityRows, demandRows } from './demand';

const H20 = '2026-01-08T20:00:00.000Z';
const H21 = '2026-01-08T21:00:00.000Z';
const H22 = '2026-01-08T22:00:00.000Z';

const ALL = { from: null, to: null };

describe('demandRows', () => {
  it('names the interval, and a gateway without a name null', () => {
    const row = kpiRow({
      gateway: '',
      region: null,
      requests: 5,
      served: 3,
      unserved: 1,
      failed: 1,
      inference_minutes: 2.5,
      fees_eth: 0.1,
      unread_payments: 2,
      restarts: 3,
    });
    expect(demandRows([{ ...row, hour: H21 }], 'hour', ALL)).toEqual([
      {
        interval: `${H21}/${H22}`,
        gateway: null,
        region: null,
        total_requests: 5,
        served: 3,
        unserved: 1,
        failed: 1,
        total_inference_minutes: 2.5,
        fees_eth: 0.1,
        unread_payments: 2,
        restarts: 3,
      },
    ]);
    expect(
      demandRows([{ ...row, day: '2026-01-08' }], 'day', ALL)[0].interval,
    ).toBe('2026-01-08T00:00:00.000Z/2026-01-09T00:00:00.000Z');
  });
});

describe('intervals of a window that is exact to five minutes', () => {
  const window = {
    from: '2026-01-08T20:40:00.000Z',
    to: '2026-01-08T21:40:00.000Z',
  };

  it('end with it where they are hours, and are twelve of five minutes', () => {
    const rows = [kpiRow({ hour: H20 }), kpiRow({ hour: H21 })];
    expect(
      demandRows(rows, 'hour', window).map(({ interval }) => interval),
    ).toEqual([`${window.from}/${H21}`, `${H21}/${window.to}`]);
    const slot = kpiRow({ slot: '2026-01-08T20:55:00.000Z' });
    expect(demandRows([slot], '5m', window)[0].interval).toBe(
      `2026-01-08T20:55:00.000Z/${H21}`,
    );
  });

  it('are offered only what lies in it', () => {
    const [first, second] = capacityRows({
      supply: [H20, H21].map(hour => supplyRow({ hour, capacity: 3 })),
      demand: [H20, H21].map(hour => kpiRow({ hour, inference_minutes: 30 })),
      interval: 'hour',
      window,
      watermark: '2026-01-08T21:20:00.000Z',
    });
    expect([first.capacity_minutes, first.capacity_rate]).toEqual([60, 0.5]);
    expect([second.capacity_minutes, second.capacity_rate]).toEqual([60, 0.5]);
  });
});

describe('capacityRows', () => {
  const demand = [
    kpiRow({ hour: H20, inference_minutes: 30, unserved: 2 }),
    kpiRow({ hour: H21, inference_minutes: 60, unserved: 0 }),
  ];

  it('compares sums over the same hours: without a report an hour has no capacity, and lends no demand', () => {
    const supply = [supplyRow({ hour: H21, capacity: 2, gpus: 3 })];
    expect(
      capacityRows({
        supply,
        demand,
        interval: 'day',
        window: ALL,
        watermark: null,
      }),
    ).toEqual([
      {
        interval: '2026-01-08T00:00:00.000Z/2026-01-09T00:00:00.000Z',
        hours: 1,
        gpus: 3,
        capacity_minutes: 120,
        inference_minutes: 60,
        capacity_rate: 0.5,
        missing_capacity: 2,
      },
    ]);
  });

  it('counts of the running hour what lies before the watermark', () => {
    const supply = [supplyRow({ hour: H21, capacity: 2 })];
    const [, row] = capacityRows({
      supply,
      demand,
      interval: 'hour',
      window: ALL,
      watermark: '2026-01-08T21:30:00.000Z',
    });
    expect(row).toMatchObject({ capacity_minutes: 60, capacity_rate: 1 });
  });

  it('has no rate where no report tells the capacity', () => {
    const supply = [supplyRow({ hour: H21, gpus: 1 })];
    const [h20, h21] = capacityRows({
      supply,
      demand,
      interval: 'hour',
      window: ALL,
      watermark: null,
    });
    expect(h20).toMatchObject({ gpus: null, capacity_rate: null });
    expect(h21).toMatchObject({
      hours: 0,
      gpus: 1,
      capacity_minutes: null,
      capacity_rate: null,
    });
  });

  it('is in the order of time, whoever came first', () => {
    const intervals = capacityRows({
      supply: [supplyRow({ hour: H22, capacity: 1 })],
      demand,
      interval: 'hour',
      window: ALL,
      watermark: null,
    }).map(row => row.interval);
    expect(intervals).toEqual([...intervals].sort());
    expect(intervals).toHaveLength(3);
  });
});
