import { Database } from './database';
import {
  Plan,
  PublishedState,
  readPublishedState,
  writePublishedState,
  writeSyncedDays,
} from './servedState';
import { DAY_TABLES, DIMENSION_TABLES } from './tables';

async function moveDays(database: Database, plan: Plan): Promise<void> {
  for (const { partition, tables } of plan.partitions) {
    for (const table of DAY_TABLES) {
      // A REPLACE from nothing would be refused.
      await database.command(
        tables.includes(table)
          ? `ALTER TABLE naap.${table} REPLACE PARTITION {partition:UInt32} FROM naap.stage_${table}`
          : `ALTER TABLE naap.${table} DROP PARTITION {partition:UInt32}`,
        { partition },
      );
    }
  }
}

async function moveDimensions(database: Database, plan: Plan): Promise<void> {
  if (!plan.dimensions) return;
  for (const table of DIMENSION_TABLES) {
    // The tables are not partitioned. EXCHANGE TABLES would swap back when it is done again after a crash.
    await database.command(
      plan.dimensions[table] > 0
        ? `ALTER TABLE naap.${table} REPLACE PARTITION tuple() FROM naap.stage_${table}`
        : `TRUNCATE TABLE naap.${table}`,
    );
  }
}

async function carryOut(
  database: Database,
  state: PublishedState,
  plan: Plan,
): Promise<PublishedState> {
  await moveDays(database, plan);
  await moveDimensions(database, plan);
  const { revision } = state;
  await writeSyncedDays(database, revision, plan.days);
  if (plan.revisedHours.length > 0) {
    await database.insert(
      'naap.revised_hours',
      plan.revisedHours.map(hour => ({
        hour: hour / 1000,
        build_id: plan.outcome.build?.id ?? '',
        revision,
      })),
    );
  }
  const served: PublishedState = {
    ...plan.outcome,
    revision: revision + 1,
    plan: null,
  };
  await writePublishedState(database, served);
  return served;
}

/**
 * Moves what is staged into the served tables. The plan is written down first: a reader that meets it knows that the
 * tables are between two builds, and after a crash `finishPublication` does it again from the start.
 */
export async function publish(
  database: Database,
  current: PublishedState,
  plan: Plan,
): Promise<PublishedState> {
  const publishing = { ...current, revision: current.revision + 1, plan };
  await writePublishedState(database, publishing);
  return carryOut(database, publishing, plan);
}

/** Ends a publication that a crash interrupted, from the stage, which still holds it. Nothing to do is fine. */
export async function finishPublication(
  database: Database,
): Promise<PublishedState> {
  const state = await readPublishedState(database);
  return state.plan ? carryOut(database, state, state.plan) : state;
}
