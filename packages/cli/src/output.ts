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

/** Rows as text: JSON whole, CSV and table flat (`ptff_ms.p50`). */
export function render(rows: Row[], format: Format): string {
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  const flat = rows.map(row => flatten(row));
  const columns = [...new Set(flat.flatMap(row => [...row.keys()]))];
  if (format === 'csv') {
    const lines = [columns, ...flat.map(row => columns.map(c => row.get(c)))];
    return lines.map(line => `${line.map(csvCell).join(',')}\n`).join('');
  }
  return table(
    columns,
    flat.map(row => columns.map(column => tableCell(row.get(column)))),
  );
}

/** Aligned columns, numbers to the right. */
export function table(columns: string[], rows: string[][]): string {
  if (rows.length === 0) return 'nothing\n';
  const widths = columns.map((column, i) =>
    rows.reduce((most, row) => Math.max(most, row[i].length), column.length),
  );
  const line = (cells: string[], header: boolean) =>
    `${cells
      .map((cell, i) =>
        !header && /^[-–]?[\d.,]+$/.test(cell)
          ? cell.padStart(widths[i])
          : cell.padEnd(widths[i]),
      )
      .join('  ')
      .trimEnd()}\n`;
  return line(columns, true) + rows.map(row => line(row, false)).join('');
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
