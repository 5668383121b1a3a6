import { ExportMeta, ExportTable } from './table';

/** The table in an envelope that says where its numbers come from. */
export function toJson(
  table: ExportTable,
  meta: ExportMeta,
  exportedAt: Date,
): string {
  const { name, rows, total = rows.length } = table;
  return `${JSON.stringify(
    {
      table: name,
      exported_at: exportedAt.toISOString(),
      ...meta,
      total,
      rows,
    },
    null,
    2,
  )}\n`;
}
