export { complianceRows, TargetedModels } from './compliance';
export { capacityRows, demandRows, type DemandInterval } from './demand';
export { datasetRows } from './datasets';
export { gpuMetricsRows } from './gpuMetrics';
export { windowOfRange } from './timeRange';
