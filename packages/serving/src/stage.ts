import { Database } from './client';
import { GoldDay } from './contract';
import { SyncVerificationError } from './errors';
import { Plan } from './servedState';
import {
  DAY_TABLES,
  DayTable,
  DIMENSION_TABLES,
  DimensionTable,
  GoldTable,
} from './tables';
import { settledHours } from './window';

/** Columns of a gold table with their ClickHouse types. */
export type Columns = Map<string, string>;

export async function readColumns(
  database: Database,
): Promise<Record<GoldTable, Columns>> {
  const rows = await database.rows<[GoldTable, string, string]>(
    `SELECT table, name, type FROM system.columns
WHERE database = 'naap' AND table IN {tables:Array(String)} ORDER BY table, position`,
    { tables: [...DAY_TABLES, ...DIMENSION_TABLES] },
  );
  const columns = Object.fromEntries(
    [...DAY_TABLES, ...DIMENSION_TABLES].map(table => [table, new Map()]),
  ) as Record<GoldTable, Columns>;
  for (const [table, name, type] of rows) columns[table].set(name, type);
  return columns;
}

/** Removes what an earlier sync left in the stage. */
export async function clearStage(database: Database): Promise<void> {
  for (const table of [...DAY_TABLES, ...DIMENSION_TABLES]) {
    await database.command(`TRUNCATE TABLE naap.stage_${table}`);
  }
}

/** Engines add floats in different orders; everything else must be exact. */
function agrees(actual: number, expected: number, type: string): boolean {
  const tolerance = type.includes('Float')
    ? 1e-9 * Math.max(1, Math.abs(expected))
    : 0;
  return Math.abs(actual - expected) <= tolerance;
}

async function verify(
  database: Database,
  day: string,
  table: DayTable,
  columns: Columns,
  expected: GoldDay['tables'][DayTable],
): Promise<void> {
  const names = Object.keys(expected.sums);
  const unknown = names.find(name => !columns.has(name));
  if (unknown !== undefined) {
    throw new SyncVerificationError(
      `Gold sums column ${JSON.stringify(
        unknown,
      )} of ${table}, which ClickHouse does not have.`,
    );
  }
  const [[rows, ...sums]] = await database.rows<[number, ...number[]]>(
    `SELECT ${[
      'count()',
      ...names.map(name => `ifNull(sum(${name}), 0)`),
    ].join()}
FROM naap.stage_${table} WHERE toDate(hour) = {day:Date}`,
    { day },
  );
  const where = `of ${table} on ${day} (file ${expected.path})`;
  if (rows !== expected.rows) {
    throw new SyncVerificationError(
      `Staged ${rows} rows ${where}, gold exported ${expected.rows}. Nothing was published.`,
    );
  }
  names.forEach((name, i) => {
    if (!agrees(sums[i], expected.sums[name], columns.get(name) ?? '')) {
      throw new SyncVerificationError(
        `The sum of ${name} ${where} is ${sums[i]} in the stage, ${expected.sums[name]} in gold. Nothing was published.`,
      );
    }
  });
}

/** A checksum of the rows of each hour (unix seconds) of a day, whatever their order. */
async function hourChecksums(
  database: Database,
  table: string,
  columns: Columns,
  day: string,
): Promise<Map<number, string>> {
  // A sum of floats in another order differs in its last bits, which is no revision.
  const list = [...columns].map(([name, type]) =>
    type.includes('Float') ? `toFloat32(${name})` : name,
  );
  return new Map(
    await database.rows<[number, string]>(
      `SELECT toUnixTimestamp(hour), toString(sum(cityHash64(tuple(${list.join()}))))
FROM naap.${table} WHERE toDate(hour) = {day:Date} GROUP BY hour`,
      { day },
    ),
  );
}

/**
 * Hours of a day (unix ms) whose KPIs differ between the stage and what is served, and that were final under the
 * watermark of what is served.
 */
async function findRevisedHours(
  database: Database,
  columns: Record<GoldTable, Columns>,
  day: string,
  watermark: string | null,
): Promise<number[]> {
  if (watermark === null) return [];
  const limit = Date.parse(watermark);
  if (settledHours([Date.parse(day)], limit).length === 0) return [];
  const changed = new Set<number>();
  for (const table of ['kpi_hourly', 'kpi_latency_hourly'] as const) {
    const [served, staged] = await Promise.all(
      [table, `stage_${table}`].map(name =>
        hourChecksums(database, name, columns[table], day),
      ),
    );
    for (const hour of new Set([...served.keys(), ...staged.keys()])) {
      if (served.get(hour) !== staged.get(hour)) changed.add(hour * 1000);
    }
  }
  return settledHours([...changed], limit);
}

/** A day of the stage as the plan of a publication takes it. */
export type StagedDay = Plan['days'][number] & { revisedHours: number[] };

/**
 * Puts one day into the stage, in place of what is there, and compares it with what gold says it exported.
 *
 * @param exported null when gold has no such day any more
 * @param watermark of what is served
 * @throws SyncVerificationError
 */
export async function stageDay(
  database: Database,
  columns: Record<GoldTable, Columns>,
  day: string,
  exported: GoldDay | null,
  watermark: string | null,
): Promise<StagedDay> {
  const rows = Object.fromEntries(
    DAY_TABLES.map(table => [table, 0]),
  ) as StagedDay['rows'];
  for (const table of DAY_TABLES) {
    await database.command(
      `ALTER TABLE naap.stage_${table} DROP PARTITION {day:Date}`,
      { day },
    );
    if (!exported) continue;
    const file = exported.tables[table];
    if (file.rows > 0) {
      await database.load(
        `naap.stage_${table}`,
        [...columns[table].keys()],
        file.path,
      );
    }
    await verify(database, day, table, columns[table], file);
    rows[table] = file.rows;
  }
  return {
    day,
    buildId: exported?.buildId ?? null,
    rows,
    revisedHours: await findRevisedHours(database, columns, day, watermark),
  };
}

/** Puts the whole dimension tables into the stage; gives their rows. */
export async function stageDimensions(
  database: Database,
  columns: Record<GoldTable, Columns>,
  exported: Record<DimensionTable, { path: string; rows: number }>,
): Promise<Record<DimensionTable, number>> {
  for (const table of DIMENSION_TABLES) {
    const { path, rows } = exported[table];
    await database.command(`TRUNCATE TABLE naap.stage_${table}`);
    if (rows > 0) {
      await database.load(
        `naap.stage_${table}`,
        [...columns[table].keys()],
        path,
      );
    }
    const [[staged]] = await database.rows<[number]>(
      `SELECT count() FROM naap.stage_${table}`,
    );
    if (staged !== rows) {
      throw new SyncVerificationError(
        `Staged ${staged} rows of ${table}, gold exported ${rows}. Nothing was published.`,
      );
    }
  }
  return Object.fromEntries(
    DIMENSION_TABLES.map(table => [table, exported[table].rows]),
  ) as Record<DimensionTable, number>;
}
