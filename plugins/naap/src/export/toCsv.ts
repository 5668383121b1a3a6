import { ExportMeta, ExportTable, ExportValue } from './table';

/**
 * The table as RFC 4180 has it: CRLF, quotes where they are needed, a head of names. Null is an empty field. Where the
 * numbers come from stands in the last columns of every row, so that a part of the file still says so.
 *
 * Texts come from strangers, and a spreadsheet runs a text that begins with `=`, `+`, `-` or `@` as a formula: such a
 * text gets an apostrophe before it. Numbers stay numbers.
 */
export function toCsv(table: ExportTable, meta: ExportMeta): string {
  const names = [...new Set(table.rows.flatMap(row => Object.keys(row)))];
  const origin = Object.values(meta);
  const lines = [
    [...names, ...Object.keys(meta)],
    ...table.rows.map(row => [
      ...names.map(name => row[name] ?? null),
      ...origin,
    ]),
  ];
  return lines.map(fields => `${fields.map(field).join(',')}\r\n`).join('');
}

function field(value: ExportValue): string {
  if (typeof value !== 'string') {
    return value === null ? '' : String(value);
  }
  // Spreadsheets drop white space and controls before they look for a formula.
  const safe = /^[\s\p{Cc}]*[=+\-@＝＋－＠]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
