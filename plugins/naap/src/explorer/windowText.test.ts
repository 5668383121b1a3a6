import { windowText } from './windowText';

describe('windowText', () => {
  const window = {
    from: '2026-01-08T21:00:00.000Z',
    to: '2026-01-09T22:00:00.000Z',
  };
  const year = new Date().getUTCFullYear() === 2026 ? '' : ' 2026';

  it('has the date of both ends where they differ', () => {
    expect(windowText(window)).toBe(
      `8 Jan${year} 21:00 – 9 Jan${year} 22:00 UTC, rounded to full hours`,
    );
  });

  it('says nothing of rounding where it is exact to five minutes', () => {
    const [from, to] = [7_200_000, 0].map(ago =>
      new Date(Date.now() - ago).toISOString(),
    );
    expect(windowText({ from, to })).not.toMatch(/rounded/);
  });

  it('says since when there is data that begins inside', () => {
    expect(windowText(window, '2026-01-09T15:00:00.000Z')).toBe(
      `8 Jan${year} 21:00 – 9 Jan${year} 22:00 UTC, rounded to full hours, data since 9 Jan${year} 15:00`,
    );
    expect(windowText(window, '2026-01-01T00:00:00.000Z')).not.toMatch(/since/);
  });
});
