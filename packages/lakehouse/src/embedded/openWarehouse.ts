import { DbtProject } from '../dbt/DbtProject';
import { DbtRunner } from '../dbt/DbtRunner';
import { DuckDbGoldSource } from '../duckdb/DuckDbGoldSource';
import type { LakeWorker } from '../LakeWorker';
import type { Warehouse } from '../Warehouse';

/** The warehouse of the embedded profile. Opens nothing before it is asked; the worker is to be stopped. */
export function openWarehouse(home: string, worker: LakeWorker): Warehouse {
  const project = new DbtProject(home);
  return {
    engine: 'DuckDB',
    project,
    builder: new DbtRunner(home, worker, project),
    gold: new DuckDbGoldSource(home, worker),
  };
}
