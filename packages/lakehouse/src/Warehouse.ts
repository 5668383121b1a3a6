import type { GoldSource } from '@naap/serving/contract';
import type { Builder } from './Builder';
import type { DbtProject } from './dbt/DbtProject';

/** Where silver and gold are made, and taken from. */
export interface Warehouse {
  /** As it is called. */
  engine: string;
  project: Pick<DbtProject, 'read'>;
  builder: Builder;
  gold: GoldSource;
}
