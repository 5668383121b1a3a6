import { render, table, toFormat } from './output';

describe('render', () => {
  const rows = [
    { orchestrator: null, ptff_ms: { n: 0, p50: null }, requests: 1204 },
    { orchestrator: '0xab', ptff_ms: { n: 2, p50: 2654.123 }, requests: 7 },
  ];

  it('gives JSON whole, null as null', () => {
    expect(JSON.parse(render(rows, 'json'))).toEqual(rows);
  });

  it('flattens CSV, null as an empty cell', () => {
    expect(render(rows, 'csv')).toBe(
      'orchestrator,ptff_ms.n,ptff_ms.p50,requests\n,0,,1204\n0xab,2,2654.123,7\n',
    );
  });

  it('quotes what a spreadsheet would run or split', () => {
    expect(render([{ model: '=cmd|"x",y' }], 'csv')).toBe(
      'model\n"\'=cmd|""x"",y"\n',
    );
  });

  it('shows null as –, numbers to the right and at four digits', () => {
    expect(render(rows, 'table')).toBe(
      [
        'orchestrator  ptff_ms.n  ptff_ms.p50  requests',
        '–                     0  –                1204',
        '0xab                  2         2654         7',
        '',
      ].join('\n'),
    );
  });

  it('keeps control characters of a stranger from the terminal', () => {
    expect(render([{ model: 'a\u001b[31mb\nc' }], 'table')).toBe(
      'model\na·[31mb·c\n',
    );
  });
});

describe('table', () => {
  it('says so when there is nothing', () => {
    expect(table(['a'], [])).toBe('nothing\n');
  });
});

describe('toFormat', () => {
  it('names the formats when it knows none such', () => {
    expect(() => toFormat('xml')).toThrow(/table, json, csv/);
  });
});
