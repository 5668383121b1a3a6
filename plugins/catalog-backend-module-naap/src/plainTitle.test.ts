import { plainTitle } from './plainTitle';

describe('plainTitle', () => {
  it.each([
    ['streamdiffusion-sdxl', 'streamdiffusion-sdxl'],
    ['<b>bold</b> & "x"', '<b>bold</b> & "x"'],
    ['שלום', 'שלום'],
    ['gpj.\u202eexe', 'gpj.exe'],
    ['a\0b\u0007c\u200bd\ufeffe\u2028f', 'abcdef'],
    ['', '(no name)'],
    [' \u200f\n ', '(no name)'],
  ])('shows %j as %j', (text, title) => {
    expect(plainTitle(text)).toBe(title);
  });

  it('cuts in the middle, and no character in two', () => {
    const title = plainTitle(`begin${'🦙'.repeat(300)}end`);
    expect([...title].length).toBeLessThanOrEqual(60);
    expect(title).toMatch(/^begin🦙+…🦙+end$/u);
  });
});
