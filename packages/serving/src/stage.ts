import { Database } from './database';
import { GoldDays, GoldDimensions } from './contract';
import { SyncVerificationError } from './errors';
import { Plan, SyncedDay } from './servedState';
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

/** What the stage should hold of a table on a day. */
interface Expected {
  rows: number;
  sums: Record<string, number>;
}

/** @param expected by day; the stage holds no other day */
async function verify(
  database: Database,
  table: DayTable,
  columns: Columns,
  expected: Map<string, Expected>,
): Promise<void> {
  const names = [
    ...new Set([...expected.values()].flatMap(({ sums }) => Object.keys(sums))),
  ];
  const unknown = names.find(name => !columns.has(name));
  if (unknown !== undefined) {
    throw new SyncVerificationError(
      `Gold sums column ${JSON.stringify(
        unknown,
      )} of ${table}, which ClickHouse does not have.`,
    );
  }
  const found = new Map(
    (
      await database.rows<[string, number, ...number[]]>(
        `SELECT ${[
          'toString(toDate(hour))',
          'count()',
          ...names.map(name => `ifNull(sum(${name}), 0)`),
        ].join()}
FROM naap.stage_${table} GROUP BY toDate(hour)`,
      )
    ).map(([day, ...values]) => [day, values]),
  );
  for (const day of new Set([...expected.keys(), ...found.keys()])) {
    const { rows, sums } = expected.get(day) ?? { rows: 0, sums: {} };
    const [staged, ...stagedSums] = found.get(day) ?? [0];
    const where = `of ${table} on ${day}`;
    if (staged !== rows) {
      throw new SyncVerificationError(
        `Staged ${staged} rows ${where}, gold exported ${rows}. Nothing was published.`,
      );
    }
    names.forEach((name, i) => {
      const sum = stagedSums[i] ?? 0;
      if (name in sums && !agrees(sum, sums[name], columns.get(name) ?? '')) {
        throw new SyncVerificationError(
          `The sum of ${name} ${where} is ${sum} in the stage, ${sums[name]} in gold. Nothing was published.`,
        );
      }
    });
  }
}

/** A checksum of the rows of each hour (unix seconds) of some days, whatever their order. */
async function hourChecksums(
  database: Database,
  table: string,
  columns: Columns,
  days: string[],
): Promise<Map<number, string>> {
  // A sum of floats in another order differs in its last bits, which is no revision; nor is a change of partition.
  const list = [...columns]
    .filter(([name]) => name !== 'sparse')
    .map(([name, type]) =>
      type.includes('Float') ? `toFloat32(${name})` : name,
    );
  return new Map(
    await database.rows<[number, string]>(
      `SELECT toUnixTimestamp(hour), toString(sum(cityHash64(tuple(${list.join()}))))
FROM naap.${table} WHERE toDate(hour) IN {days:Array(Date)} GROUP BY hour`,
      { days },
    ),
  );
}

/**
 * Hours of some days (unix ms) whose KPIs differ between the stage and what is served, and that were final under the
 * watermark of what is served.
 */
async function findRevisedHours(
  database: Database,
  columns: Record<GoldTable, Columns>,
  days: string[],
  watermark: string | null,
): Promise<number[]> {
  if (watermark === null) return [];
  const limit = Date.parse(watermark);
  const settled = days.filter(
    day => settledHours([Date.parse(day)], limit).length > 0,
  );
  if (settled.length === 0) return [];
  const changed = new Set<number>();
  for (const table of ['kpi_hourly', 'kpi_latency_hourly'] as const) {
    const [served, staged] = await Promise.all(
      [table, `stage_${table}`].map(name =>
        hourChecksums(database, name, columns[table], settled),
      ),
    );
    for (const hour of new Set([...served.keys(), ...staged.keys()])) {
      if (served.get(hour) !== staged.get(hour)) changed.add(hour * 1000);
    }
  }
  return settledHours([...changed], limit);
}

/** The partition of a day, as the tables make it. */
function partitionOf(day: string, sparse: boolean): number {
  return Number(day.slice(0, sparse ? 7 : 10).replaceAll('-', ''));
}

/** Days of gold as the plan of a publication takes them. */
function plannedDays(days: GoldDays['days']): Plan['days'] {
  return days.map(({ day, buildId, sparse, tables }) => ({
    day,
    synced: {
      buildId,
      partition: partitionOf(day, sparse),
      rows: Object.fromEntries(
        DAY_TABLES.map(table => [table, tables[table].rows]),
      ),
    },
  }));
}

/** Copies days that are served into the stage. */
async function stageServed(
  database: Database,
  table: DayTable,
  columns: Columns,
  days: string[],
): Promise<void> {
  const list = [...columns.keys()].join();
  await database.command(
    `INSERT INTO naap.stage_${table} (${list}) SELECT ${list} FROM naap.${table}
WHERE toDate(hour) IN {days:Array(Date)}`,
    { days },
  );
}

/**
 * Puts days into the empty stage, with the others of their partitions, and compares it with what gold says it exported.
 *
 * @param exported null when there is nothing but days to drop
 * @param dropped days that gold has no more
 * @param served days that are served now
 * @param watermark of what is served
 * @throws SyncVerificationError
 */
export async function stageDays(
  database: Database,
  columns: Record<GoldTable, Columns>,
  exported: GoldDays | null,
  dropped: string[],
  served: Map<string, SyncedDay>,
  watermark: string | null,
): Promise<Pick<Plan, 'days' | 'partitions' | 'revisedHours'>> {
  const goldDays = exported?.days ?? [];
  const days: Plan['days'] = [
    ...plannedDays(goldDays),
    ...dropped.map(day => ({ day, synced: null })),
  ];
  const names = days.map(({ day }) => day);
  const partitions = new Set(
    days.flatMap(({ day, synced }) =>
      [served.get(day), synced].flatMap(at => at?.partition ?? []),
    ),
  );
  const others = [...served].filter(
    ([day, { partition }]) => partitions.has(partition) && !names.includes(day),
  );
  for (const table of DAY_TABLES) {
    const expected = new Map<string, Expected>(
      goldDays.map(({ day, tables }) => [day, tables[table]]),
    );
    if (goldDays.some(({ tables }) => tables[table].rows > 0)) {
      for (const path of exported?.files[table] ?? []) {
        await database.load(
          `naap.stage_${table}`,
          [...columns[table].keys()],
          path,
        );
      }
    }
    const beside = others.filter(([, { rows }]) => rows[table]);
    if (beside.length > 0) {
      for (const [day, { rows }] of beside) {
        expected.set(day, { rows: rows[table] ?? 0, sums: {} });
      }
      await stageServed(
        database,
        table,
        columns[table],
        beside.map(([day]) => day),
      );
    }
    await verify(database, table, columns[table], expected);
  }
  const staged = [
    ...days.flatMap(({ synced }) => synced ?? []),
    ...others.map(([, day]) => day),
  ];
  return {
    days,
    partitions: [...partitions].map(partition => ({
      partition,
      tables: DAY_TABLES.filter(table =>
        staged.some(day => day.partition === partition && day.rows[table]),
      ),
    })),
    revisedHours: await findRevisedHours(database, columns, names, watermark),
  };
}

/** Puts the whole dimension tables into the stage; gives their rows. */
export async function stageDimensions(
  database: Database,
  columns: Record<GoldTable, Columns>,
  exported: GoldDimensions,
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
