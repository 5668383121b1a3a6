import { Migration } from './migration';

const COLUMNS = [
  'operator_name Nullable(String)',
  'operator_contact Nullable(String)',
  'stake_lpt Nullable(Decimal(38, 18))',
];

/** Who runs the orchestrators. */
export const operators: Migration = {
  id: 9,
  name: 'operators',
  statements: ['dim_orchestrators', 'stage_dim_orchestrators'].flatMap(table =>
    COLUMNS.map(
      column => `ALTER TABLE naap.${table} ADD COLUMN IF NOT EXISTS ${column}`,
    ),
  ),
};
