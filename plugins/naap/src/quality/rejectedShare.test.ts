import { ingestHour } from '../testing/answers';
import { rejectedShare } from './rejectedShare';

const hours = (...shares: Array<[rejected: number, read: number]>) =>
  shares.map(([rejected, read]) => ingestHour({ rejected, read }));

describe('the rejected share of the newest hour', () => {
  it('is unknown without a message', () => {
    expect(rejectedShare([])).toBeNull();
    expect(rejectedShare(hours([0, 0]))).toBeNull();
  });

  it('is compared with the median of the hours before', () => {
    expect(
      rejectedShare(hours([1, 100], [90, 100], [3, 100], [2, 100])),
    ).toMatchObject({ share: 0.02, normal: 0.03, alarming: false });
    expect(rejectedShare(hours([1, 100], [3, 100], [2, 100]))).toMatchObject({
      normal: 0.02,
    });
  });

  it('is alarming when it is surely over twice the normal', () => {
    const normal: Array<[number, number]> = [
      [20, 1000],
      [20, 1000],
    ];
    expect(rejectedShare(hours(...normal, [39, 1000]))?.alarming).toBe(false);
    expect(rejectedShare(hours(...normal, [70, 1000]))?.alarming).toBe(true);
  });

  it('is not alarming for a few messages, whatever their share', () => {
    expect(rejectedShare(hours([0, 1000], [1, 100]))?.alarming).toBe(false);
    expect(rejectedShare(hours([0, 1000], [0, 10]))?.alarming).toBe(false);
    expect(rejectedShare(hours([0, 1000], [9, 10_000]))?.alarming).toBe(false);
  });

  it('can be alarming in the first hour', () => {
    expect(rejectedShare(hours([50, 100]))).toMatchObject({
      normal: null,
      alarming: true,
    });
  });
});
