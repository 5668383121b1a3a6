import { takenFrom } from './GatePartition';

describe('what is taken of a fetch', () => {
  const fetched = { first: 10n, end: 30n };

  it('is all of it where nothing was committed', () => {
    expect(takenFrom(fetched, null, null)).toEqual({
      from: 10n,
      madeAgain: false,
    });
  });

  it('is what comes after that which another replica wrote meanwhile', () => {
    expect(takenFrom(fetched, 20n, 20n)).toEqual({
      from: 20n,
      madeAgain: false,
    });
  });

  it('is all of it where the topic ends before the offset, or the group forgot it', () => {
    expect(takenFrom(fetched, 31n, 31n)).toEqual({
      from: 10n,
      madeAgain: true,
    });
    expect(takenFrom(fetched, 20n, null)).toEqual({
      from: 10n,
      madeAgain: true,
    });
  });

  it('is all of it after a gap: the broker removed what lay there', () => {
    expect(takenFrom(fetched, 5n, 5n)).toEqual({ from: 5n, madeAgain: false });
  });
});
