export * from './BronzeReader';
export type { BuildRecord } from './buildRecord';
export * from './Builder';
export type {
  DbtExposure,
  DbtNode,
  DbtProject,
  DbtProjectContent,
} from './dbt/DbtProject';
export * from './coordinates';
export * from './kafka-connect';
export type { Lake } from './Lake';
export * from './LakeCatalog';
export type { LakeSettings } from './LakeSettings';
export type { TrinoSettings } from './TrinoSettings';
export * from './pyiceberg/LakeCommitter';
export { LakeReplay } from './pyiceberg/LakeReplay';
export { PyIcebergLakeCatalog } from './pyiceberg/PyIcebergLakeCatalog';
export * from './pyiceberg/SharedLake';
export * from './LakeWorker';
export { needsReplay } from './embedded/judgedBy';
export { openLake } from './embedded/openLake';
export { openWarehouse } from './embedded/openWarehouse';
export * from './paths';
export type { TrinoValue } from './trino/literals';
export * from './trino/TrinoClient';
export { TrinoError, type TrinoErrorKind } from './trino/TrinoError';
export type { Warehouse } from './Warehouse';
