import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from './errors';

export const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** @throws UsageError */
export function toFormat(text: string): Format {
  const format = FORMATS.find(known => known === text);
  if (!format) {
    throw new UsageError(`no format "${text}": use ${FORMATS.join(', ')}`);
  }
  return format;
}

type Row = object;

type Pages = AsyncIterable<{ rows: Row[] }>;
type Cells = unknown[][];

const cellsOf = (rows: Array<Map<string, unknown>>, columns: string[]): Cells =>
  rows.map(row => columns.map(column => row.get(column)));

const haveAll = (columns: string[], names: string[]) =>
  names.every(name => columns.includes(name));

/**
 * Rows as text, page by page: JSON whole, CSV and table flat (`ptff_ms.p50`). These two have the columns of the first
 * page, and a table is as wide as that.
 *
 * @param onLeftOut - called when a later page has columns that the first has not
 */
export function renderPages(
  pages: Pages,
  format: Format,
  onLeftOut: () => void = () => {},
): AsyncGenerator<string> {
  if (format === 'json') return jsonPages(pages);
  return flatPages(pages, format === 'csv' ? csv : aligned, onLeftOut);
}

async function* flatPages(
  pages: Pages,
  linesOf: typeof csv | typeof aligned,
  onLeftOut: () => void,
): AsyncGenerator<string> {
  let columns: string[] = [];
  let lines: ReturnType<typeof linesOf> | undefined;
  for await (const { rows } of pages) {
    const flat = rows.map(row => flatten(row));
    const names = [...new Set(flat.flatMap(row => [...row.keys()]))];
    if (!lines) columns = names;
    else if (!haveAll(columns, names)) onLeftOut();
    const cells = cellsOf(flat, columns);
    lines ??= linesOf(columns, cells);
    yield lines(cells);
  }
}

async function* jsonPages(pages: Pages): AsyncGenerator<string> {
  let before = '[';
  for await (const { rows } of pages) {
    let text = '';
    for (const row of rows) {
      const lines = JSON.stringify(row, null, 2).replaceAll('\n', '\n  ');
      text += `${before}\n  ${lines}`;
      before = ',';
    }
    yield text;
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** Prints pages as they come, as fast as whoever reads takes them. */
export async function printPages(pages: Pages, format: Format): Promise<void> {
  let hasLeftOut = false;
  const text = renderPages(pages, format, () => {
    if (!hasLeftOut) {
      process.stderr.write(
        'Some rows have columns that the first have not; they are left out: --format json has all\n',
      );
    }
    hasLeftOut = true;
  });
  await print(text);
}

/** Writes to stdout, as fast as whoever reads takes it. */
export async function print(
  text: string | AsyncIterable<string>,
): Promise<void> {
  const pieces = typeof text === 'string' ? [text] : text;
  try {
    await pipeline(Readable.from(pieces), process.stdout, { end: false });
  } catch (error) {
    // Who reads has enough, as `head` has.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** Lines of CSV, the header before the first. */
function csv(columns: string[]): (rows: Cells) => string {
  let header: Cells = [columns];
  return rows => {
    const lines = [...header, ...rows];
    header = [];
    return lines.map(line => `${line.map(csvCell).join(',')}\n`).join('');
  };
}

/** Lines of a table as wide as its first rows, the header before the first. */
function aligned(columns: string[], first: Cells): (rows: Cells) => string {
  const texts = first.map(row => row.map(tableCell));
  const line = lineOf(columns, texts);
  let header = texts.length === 0 ? 'nothing\n' : line(columns, true);
  return rows => {
    const lines = rows.map(row => line(row.map(tableCell), false));
    const text = header + lines.join('');
    header = '';
    return text;
  };
}

/** A number, maybe with its unit and a mark of its status. */
const FIGURE = /^[-–]?[\d.,]+( (ms|s|min|h|days|%|fps))?( [✓✗~…·])?$/;

/** Makes aligned lines, numbers to the right. */
function lineOf(columns: string[], rows: string[][]) {
  const widths = columns.map((column, i) =>
    rows.reduce((width, row) => Math.max(width, row[i].length), column.length),
  );
  return (cells: string[], header: boolean) =>
    `${cells
      .map((cell, i) =>
        !header && FIGURE.test(cell)
          ? cell.padStart(widths[i])
          : cell.padEnd(widths[i]),
      )
      .join('  ')
      .trimEnd()}\n`;
}

/** Aligned columns, numbers to the right. */
export function table(columns: string[], rows: string[][]): string {
  if (rows.length === 0) return 'nothing\n';
  const line = lineOf(columns, rows);
  return line(columns, true) + rows.map(row => line(row, false)).join('');
}

/** Facts with their names, one a line. */
export function list(facts: ReadonlyArray<readonly string[]>): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts
    .map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}\n`)
    .join('');
}

function flatten(row: Row, prefix = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [name, value] of Object.entries(row)) {
    if (value !== null && typeof value === 'object') {
      flatten(value, `${prefix}${name}.`).forEach((v, k) => flat.set(k, v));
    } else {
      flat.set(prefix + name, value);
    }
  }
  return flat;
}

/** A cell that a spreadsheet would take for a formula is quoted as text. */
function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const safe =
    typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A stranger's text without control characters, which must not reach the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}

/** Null is "–". */
function tableCell(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') {
    if (Number.isInteger(value)) return String(value);
    return String(Number(value.toPrecision(4)));
  }
  return printable(String(value));
}
