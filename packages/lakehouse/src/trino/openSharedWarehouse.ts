import { DbtProject } from '../dbt/DbtProject';
import { DbtRunner, type SharedWarehouseSettings } from '../dbt/DbtRunner';
import type { LakeWorker } from '../LakeWorker';
import type { Warehouse } from '../Warehouse';
import { LakeGoldSource } from './LakeGoldSource';

/**
 * The warehouse of a lake that machines share: silver and gold are tables there, made by Trino. Opens nothing before it is
 * asked.
 *
 * @param home - a folder of this process, where dbt keeps what it writes for itself
 */
export function openSharedWarehouse(
  home: string,
  shared: SharedWarehouseSettings,
  worker: LakeWorker,
): Warehouse {
  const project = new DbtProject(home);
  return {
    engine: 'Trino',
    project,
    builder: new DbtRunner(home, worker, project, { shared }),
    gold: new LakeGoldSource(shared, worker),
  };
}
