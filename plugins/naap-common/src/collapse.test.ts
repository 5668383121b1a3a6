import type { LineageEdge } from './api';
import { collapse } from './collapse';

const edges = (...texts: string[]): LineageEdge[] =>
  texts.map(text => ({ from: text[0], to: text[1] }));
const text = (list: LineageEdge[]) =>
  list.map(({ from, to }) => from + to).sort();
const keep = (ids: string) => new Set(ids);

describe('collapse', () => {
  it('connects what a hidden node connected', () => {
    expect(text(collapse(edges('ab', 'bc', 'bd'), keep('acd')))).toEqual([
      'ac',
      'ad',
    ]);
  });

  it('goes through a chain of hidden nodes, and ends with one', () => {
    expect(text(collapse(edges('ab', 'bc', 'cd', 'de'), keep('ad')))).toEqual([
      'ad',
    ]);
  });

  it('leaves every edge between kept nodes, though another way tells it', () => {
    expect(text(collapse(edges('ab', 'bc', 'ac'), keep('abc')))).toEqual([
      'ab',
      'ac',
      'bc',
    ]);
  });

  it('adds no edge that a way over kept nodes tells already', () => {
    expect(text(collapse(edges('ab', 'bc', 'ax', 'xc'), keep('abc')))).toEqual([
      'ab',
      'bc',
    ]);
  });

  it('ends in circles', () => {
    expect(
      text(collapse(edges('ax', 'xy', 'yx', 'yb', 'ba'), keep('ab'))),
    ).toEqual(['ab', 'ba']);
  });

  it('keeps what can be reached from where, whatever the graph', () => {
    const reach = (list: LineageEdge[], nodes: string[]) =>
      nodes.map(start => {
        const seen = new Set<string>([start]);
        for (const id of seen) {
          list.filter(e => e.from === id).forEach(e => seen.add(e.to));
        }
        return nodes.filter(n => seen.has(n)).join('');
      });
    let seed = 7;
    const dice = (n: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % n;
    };
    for (let round = 0; round < 500; round++) {
      const nodes = [...'abcdefghijkl'].slice(0, 2 + dice(11));
      const graph = Array.from({ length: dice(30) }, () => ({
        from: nodes[dice(nodes.length)],
        to: nodes[dice(nodes.length)],
      }));
      const kept = nodes.filter(() => dice(3) > 0);
      const collapsed = collapse(graph, new Set(kept));
      expect(reach(collapsed, kept)).toEqual(reach(graph, kept));
      expect(
        collapsed.every(e => kept.includes(e.from) && kept.includes(e.to)),
      ).toBe(true);
    }
  });
});
