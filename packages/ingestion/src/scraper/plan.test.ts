import { gatePolicy } from './guard/GatePolicy';
import { planRound, shortlist } from './plan';
import { Reputation } from './Reputation';
import { MAX_CONSIDERED, MAX_OF_CLAIMANT, MAX_REPORTED } from './RoundLimits';
import { mergeTargets, targetsOfUrls } from './targets';

const NOW = Date.UTC(2026, 1, 25);

const reported = (url: string, ...claimants: string[]) =>
  targetsOfUrls([url], 'capabilities', claimants)[0];
const [own] = targetsOfUrls(['https://own.example:8935/base'], 'config');

/** 5,000 URLs that one stranger names, and 5,000 each of another. */
const FLOOD = Array.from({ length: 5_000 }, (_, i) => [
  reported(`https://one-${i}.example:8935`, '0xone'),
  reported(`https://many-${i}.example:8935`, `0x${i}`),
]).flat();

const plan = (
  targets: ReturnType<typeof reported>[],
  known = new Reputation(null),
) => planRound(mergeTargets(targets), gatePolicy(), known, NOW);
const originsOf = (
  targets: ReturnType<typeof reported>[],
  known?: Reputation,
) => plan(targets, known).probes.map(({ origin }) => origin);

describe('who takes part in a round', () => {
  it('is the operator’s, then known orchestrators, the longest known first, however many others there are', () => {
    const known = new Reputation(null);
    known.prove('https://new.example:8935', '93.184.215.1', NOW - 1);
    known.prove('https://old.example:443', '93.184.216.1', NOW - 2);
    const targets = [
      ...FLOOD,
      reported('https://new.example:8935', '0xnew'),
      reported('https://old.example', '0xold'),
      own,
    ];
    const list = shortlist(targets, known, NOW);
    expect(list).toHaveLength(MAX_CONSIDERED + 3);
    expect(originsOf(list, known).slice(0, 3)).toEqual([
      'https://own.example:8935',
      'https://old.example:443',
      'https://new.example:8935',
    ]);
    const { probes, leftOut } = plan(list, known);
    expect(probes).toHaveLength(MAX_REPORTED + 1);
    expect(leftOut).toBe(MAX_CONSIDERED + 2 - MAX_REPORTED);
  });

  it('is little of who names much', () => {
    const considered = shortlist(FLOOD, new Reputation(null), NOW);
    const one = originsOf(considered).filter(url => url.includes('//one-'));
    expect(one.length).toBeLessThanOrEqual(MAX_OF_CLAIMANT);
  });

  it('is another part of the others in each round', () => {
    const urlsAt = (now: number) =>
      shortlist(FLOOD, new Reputation(null), now).map(({ url }) => url);
    const seen = new Set([1, 2, 3, 4, 5].flatMap(i => urlsAt(NOW + i)));
    expect(seen.size).toBe(5_000 + MAX_OF_CLAIMANT);
    expect(new Set(urlsAt(NOW)).size).toBe(MAX_CONSIDERED);
  });

  it('is not whose turn has not come, before those whose turn it is', () => {
    const known = new Reputation(null);
    known.disappoint('https://waits.example:8935', NOW);
    expect(
      originsOf(
        [
          reported('https://waits.example:8935', '0xa'),
          reported('https://due.example:8935', '0xb'),
        ],
        known,
      ),
    ).toEqual(['https://due.example:8935', 'https://waits.example:8935']);
  });

  it('is not more of a known orchestrator by the paths that are put behind it', () => {
    const known = new Reputation(null);
    known.prove('https://a.example:8935', '93.184.215.1', NOW - 2);
    known.prove('https://b.example:8935', '93.184.216.1', NOW - 1);
    const paths = Array.from({ length: 2 * MAX_REPORTED }, (_, i) =>
      reported(`https://a.example:8935/${i}`, `0x${i}`),
    );
    const { probes } = plan(
      [...paths, reported('https://b.example:8935', '0xb')],
      known,
    );
    expect(probes.map(({ origin }) => origin)).toContain(
      'https://b.example:8935',
    );
    expect(probes).toHaveLength(2);
  });
});

describe('what is asked', () => {
  it('of strangers’ URLs is their origin, once', () => {
    const { probes } = plan([
      reported('https://a.example/x', '0xa'),
      reported('https://a.example', '0xa'),
      reported('https://a.example:443', '0xb'),
      reported('https://a.example:8935', '0xa'),
    ]);
    expect(
      probes.map(({ to, targets, paths }) => [
        to.port,
        to.path,
        targets.length,
        paths.length,
      ]),
    ).toEqual([
      [443, '', 2, 1],
      [8935, '', 1, 0],
    ]);
  });

  it('of the operator’s URLs is all of them', () => {
    const { probes } = plan([own, reported(own.url, '0xa')]);
    expect(probes).toMatchObject([{ isOwn: true, to: { path: '/base' } }]);
  });
});
