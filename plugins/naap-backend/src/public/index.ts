export { complianceRows, TargetedModels } from './compliance';
export {
  capacityRows,
  type DemandInterval,
  demandRows,
  INTERVAL_DIMENSION,
} from './demand';
export { datasetRows } from './datasets';
export { gpuMetricsRows } from './gpuMetrics';
export { windowOfRange } from './timeRange';
