export * from './BronzeReader';
export { type BuildRecord, readLakeBuildRecord } from './buildRecord';
export * from './Builder';
export { DbtProject } from './dbt/DbtProject';
export type { DbtExposure, DbtNode, DbtProjectContent } from './dbt/DbtProject';
export { DbtRunner, type SharedWarehouseSettings } from './dbt/DbtRunner';
export * from './coordinates';
export * from './kafka-connect';
export type { Lake } from './Lake';
export * from './LakeCatalog';
export * from './LakeSettings';
export * from './TrinoSettings';
export * from './pyiceberg/LakeCommitter';
export { LakeReplay } from './pyiceberg/LakeReplay';
export { PyIcebergLakeCatalog } from './pyiceberg/PyIcebergLakeCatalog';
export * from './pyiceberg/SharedLake';
export * from './LakeWorker';
export { needsReplay } from './embedded/judgedBy';
export { openLake } from './embedded/openLake';
export { openWarehouse } from './embedded/openWarehouse';
export { openSharedWarehouse } from './trino/openSharedWarehouse';
export * from './paths';
export type { TrinoValue } from './trino/literals';
export { TrinoBronzeReader } from './trino/TrinoBronzeReader';
export * from './trino/TrinoClient';
export {
  isUnavailable,
  TrinoError,
  type TrinoErrorKind,
} from './trino/TrinoError';
export type { Warehouse } from './Warehouse';
