import fc from 'fast-check';
import { ExportMeta, ExportValue } from './table';
import { toCsv } from './toCsv';

const META: ExportMeta = {
  window_from: '2026-01-08T21:00:00.000Z',
  window_to: null,
  window_state: 'final',
  watermark: null,
  build_id: 'b1',
  simulated: false,
};
const csv = (...rows: Array<Record<string, ExportValue>>) =>
  toCsv({ name: 't', rows }, META);
const first = (value: ExportValue) => {
  const [, line] = csv({ value }).split(/\r\n(?=[^]*final)/);
  return line.slice(0, line.indexOf(',2026-01-08T21'));
};

/** Reads RFC 4180, independently of how it was written. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
    rows[rows.length - 1].push(
      m[1] === undefined ? m[2] : m[1].replace(/""/g, '"'),
    );
    if (m[3] === '\r\n') {
      rows.push([]);
    }
  }
  rows.pop();
  return rows;
}

describe('a table as CSV', () => {
  it('says in every row where its numbers come from', () => {
    expect(csv({ n: 1 }, { n: 0 }).split('\r\n')).toEqual([
      'n,window_from,window_to,window_state,watermark,build_id,simulated',
      '1,2026-01-08T21:00:00.000Z,,final,,b1,false',
      '0,2026-01-08T21:00:00.000Z,,final,,b1,false',
      '',
    ]);
  });

  it('writes null as nothing and never as 0', () => {
    expect(first(null)).toBe('');
    expect(first(0)).toBe('0');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ])('lets no spreadsheet run the text %j', (text, written) => {
    expect(first(text)).toBe(written);
  });

  it('leaves numbers numbers', () => {
    expect(first(-2.5)).toBe('-2.5');
    expect(first(1e-9)).toBe('1e-9');
  });

  it('gives every text back, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }),
        texts => {
          const rows = parse(csv(...texts.map(text => ({ text }))));
          expect(rows).toHaveLength(texts.length + 1);
          rows.slice(1).forEach(([text], index) => {
            expect(text === texts[index] || text === `'${texts[index]}`).toBe(
              true,
            );
          });
        },
      ),
    );
  });
});
