import {
  formatRunHistoryState,
  hiddenRuns,
  parseRunHistoryState,
  shownRuns,
} from './runHistoryState';

const parse = (text: string) => parseRunHistoryState(new URLSearchParams(text));

describe('the history in the URL', () => {
  it.each([
    '',
    'step=build&state=failed&state=lost&trigger=loop&page=2',
    'trigger=manual&trigger=loop',
  ])('%p gives itself back', text => {
    expect(formatRunHistoryState(parse(text)).toString()).toBe(text);
  });

  it('falls back to the default where something makes no sense', () => {
    expect(parse('step=x&state=y&trigger=z&page=-1')).toEqual(parse(''));
  });

  it('leaves the loop out unless it is asked for, and asks how much that hides', () => {
    expect(shownRuns(parse('')).trigger).not.toContain('loop');
    expect(shownRuns(parse('trigger=loop')).trigger).toEqual(['loop']);
    expect(hiddenRuns(parse('step=build&state=failed&page=3'))).toEqual({
      step: 'build',
      state: ['failed'],
      trigger: ['loop'],
      limit: 1,
    });
  });

  it('pages', () => {
    expect(shownRuns(parse('page=2'))).toMatchObject({ limit: 25, offset: 50 });
  });
});
