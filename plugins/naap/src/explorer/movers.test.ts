import { ScoreRow } from '@naap/plugin-naap-common';
import { scoreRow } from '../testing/answers';
import { movers } from './movers';

/** A score whose interval is so many points wide to both sides. */
const scored = (key: string, score: number | null, spread = 1): ScoreRow =>
  scoreRow({
    key,
    score,
    score_low: score && score - spread,
    score_high: score && score + spread,
  });
const names = (list: ReadonlyArray<{ orchestrator: string }>) =>
  list.map(({ orchestrator }) => orchestrator);

describe('movers', () => {
  it('are the three whose score rose the most, and the three whose score fell the most', () => {
    const keys = ['0xa', '0xb', '0xc', '0xd', '0xe', '0xf', '0xg', '0xh'];
    const after = [90, 54, 56, 50, 46, 44, 40, 60];
    const { risen, fallen, compared } = movers(
      keys.map((key, i) => scored(key, after[i])),
      keys.map(key => scored(key, 50)),
    );
    expect(names(risen)).toEqual(['0xa', '0xh', '0xc']);
    expect(names(fallen)).toEqual(['0xg', '0xf', '0xe']);
    expect(compared).toBe(8);
  });

  it('leave out who has no score in one of the periods', () => {
    expect(
      movers(
        [scored('0xa', null), scored('0xb', 80), scored('0xc', 80)],
        [scored('0xa', 50), scored('0xb', null)],
      ),
    ).toEqual({ risen: [], fallen: [], compared: 0 });
  });

  it('come first where the intervals lie apart', () => {
    const { risen } = movers(
      [scored('0xfew', 90, 30), scored('0xmany', 60)],
      [scored('0xfew', 50, 30), scored('0xmany', 50)],
    );
    expect(
      risen.map(({ orchestrator, clear }) => [orchestrator, clear]),
    ).toEqual([
      ['0xmany', true],
      ['0xfew', false],
    ]);
  });

  it('differ by what is shown of their scores, and not at all where that is the same', () => {
    const { risen, compared } = movers(
      [scored('0xa', 80.26), scored('0xb', 70.04)],
      [scored('0xa', 80.14), scored('0xb', 70.01)],
    );
    expect(risen.map(({ change }) => change)).toEqual([0.2]);
    expect(compared).toBe(2);
  });
});
