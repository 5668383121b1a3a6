import {
  isBehind,
  messagesBelow,
  partitionOf,
  positionsText,
} from './positions';

const at = (...offsets: bigint[]) =>
  new Map(offsets.map((offset, i) => [partitionOf('t', i), offset]));

describe('positions', () => {
  it('are behind when any partition is, and one that is not there is at 0', () => {
    expect(isBehind(at(3n, 5n), at(3n, 5n))).toBe(false);
    expect(isBehind(at(9n, 4n), at(3n, 5n))).toBe(true);
    expect(isBehind(at(9n, 9n), at(3n, 5n))).toBe(false);
    expect(isBehind(at(3n), at(3n, 1n))).toBe(true);
    expect(isBehind(at(), at(0n, 0n))).toBe(false);
  });

  it('are told apart over 53 bits', () => {
    const far = 2n ** 60n;
    expect(isBehind(at(far), at(far + 1n))).toBe(true);
    expect(positionsText(at(far))).not.toBe(positionsText(at(far + 1n)));
  });

  it('are the same text in whatever order they come', () => {
    const turned = new Map([...at(3n, 5n)].reverse());
    expect(positionsText(turned)).toBe('t/0:3 t/1:5');
    expect(positionsText(at(3n, 5n))).toBe('t/0:3 t/1:5');
    expect(messagesBelow(turned)).toBe(8);
  });
});
