import { Backoff } from './Backoff';

/** Rounds between the attempts of a target that never answers. */
function gapsOfTheDead(key: string, rounds: number): number[] {
  const backoff = new Backoff();
  const gaps: number[] = [];
  let gap = 0;
  for (let round = 0; round < rounds; round++) {
    if (backoff.skip(key)) {
      gap += 1;
    } else {
      gaps.push(gap);
      gap = 0;
      backoff.failed(key, 'timeout');
    }
  }
  return gaps.slice(1);
}

it('leaves the dead alone for longer and longer, and never for good', () => {
  const gaps = gapsOfTheDead('https://a.example', 200);
  expect(gaps[0]).toBe(0);
  expect(gaps.slice(0, 5)).toEqual([...gaps.slice(0, 5)].sort((a, b) => a - b));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(15);
  expect(Math.min(...gaps.slice(5))).toBeGreaterThanOrEqual(7);
});

it('does not ask all of the dead in the same round', () => {
  const gaps = Array.from(
    { length: 50 },
    (_, i) => gapsOfTheDead(`https://orch-${i}.example`, 100).at(-1)!,
  );
  expect(new Set(gaps).size).toBeGreaterThan(3);
});

it('says why it is not asked, and asks again who answered', () => {
  const backoff = new Backoff();
  backoff.failed('a', 'dns');
  backoff.failed('a', 'connect_refused');
  expect(backoff.skip('a')).toMatchObject({ errorClass: 'connect_refused' });
  backoff.answered('a');
  expect(backoff.skip('a')).toBeUndefined();
});

it('forgets who is no target any more', () => {
  const backoff = new Backoff();
  for (let i = 0; i < 5; i++) backoff.failed('a', 'dns');
  backoff.keep(new Set(['b']));
  expect(backoff.skip('a')).toBeUndefined();
});
