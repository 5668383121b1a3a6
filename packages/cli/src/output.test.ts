import { Format, list, renderPages, table, toFormat } from './output';

async function renderAll(
  pages: object[][],
  format: Format,
  onLeftOut?: () => void,
): Promise<string> {
  async function* read() {
    for (const rows of pages) yield { rows };
  }
  let all = '';
  for await (const text of renderPages(read(), format, onLeftOut)) all += text;
  return all;
}
const render = (rows: object[], format: Format) => renderAll([rows], format);

describe('render', () => {
  const rows = [
    { orchestrator: null, ptff_ms: { n: 0, p50: null }, requests: 1204 },
    { orchestrator: '0xab', ptff_ms: { n: 2, p50: 2654.123 }, requests: 7 },
  ];

  it('gives JSON whole, null as null', async () => {
    expect(JSON.parse(await render(rows, 'json'))).toEqual(rows);
  });

  it('flattens CSV, null as an empty cell', async () => {
    expect(await render(rows, 'csv')).toBe(
      'orchestrator,ptff_ms.n,ptff_ms.p50,requests\n,0,,1204\n0xab,2,2654.123,7\n',
    );
  });

  it('quotes what a spreadsheet would run or split', async () => {
    expect(await render([{ model: '=cmd|"x",y' }], 'csv')).toBe(
      'model\n"\'=cmd|""x"",y"\n',
    );
  });

  it('shows null as –, numbers to the right and at four digits', async () => {
    expect(await render(rows, 'table')).toBe(
      [
        'orchestrator  ptff_ms.n  ptff_ms.p50  requests',
        '–                     0  –                1204',
        '0xab                  2         2654         7',
        '',
      ].join('\n'),
    );
  });

  it('keeps control characters of a stranger from the terminal', async () => {
    expect(await render([{ model: 'a\u001b[31mb\nc' }], 'table')).toBe(
      'model\na·[31mb·c\n',
    );
  });
});

describe('renderPages', () => {
  const rows = Array.from({ length: 7 }, (_, i) => ({
    model: `m${i}`,
    of: { n: i, p50: i % 2 ? null : i / 3 },
  }));
  const pages = [rows.slice(0, 3), rows.slice(3, 6), rows.slice(6)];

  it('gives of many pages what it gives of one', async () => {
    const json = await renderAll(pages, 'json');
    expect(json).toBe(`${JSON.stringify(rows, null, 2)}\n`);
    for (const format of ['csv', 'table'] as const) {
      expect(await renderAll(pages, format)).toBe(await render(rows, format));
    }
    expect(await render([], 'json')).toBe('[]\n');
    expect(await render([], 'table')).toBe('nothing\n');
  });

  it('says when a later page has columns that the first has not', async () => {
    const leftOut = jest.fn();
    const more = [...pages, [{ model: 'm', other: 1 }]];
    const csv = await renderAll(more, 'csv', leftOut);
    expect(csv.split('\n')[0]).toBe('model,of.n,of.p50');
    expect(leftOut).toHaveBeenCalled();
  });
});

describe('table', () => {
  it('has figures with unit and mark on the right', () => {
    const rows = [['9.0 fps ✓'], ['16.0 fps ✗'], ['–'], ['a']];
    expect(table(['FPS'], rows)).toBe('FPS\n 9.0 fps ✓\n16.0 fps ✗\n–\na\n');
  });

  it('says so when there is nothing', () => {
    expect(table(['a'], [])).toBe('nothing\n');
  });
});

describe('list', () => {
  it('begins all values in one column, also figures', () => {
    expect(
      list([
        ['pid', '12'],
        ['freshness', 'a\u001b[31m'],
      ]),
    ).toBe('pid        12\nfreshness  a·[31m\n');
  });
});

describe('toFormat', () => {
  it('names the formats when it knows none such', () => {
    expect(() => toFormat('xml')).toThrow(/table, json, csv/);
  });
});
