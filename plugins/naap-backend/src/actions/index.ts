export { registerKpiActions } from './kpiActions';
export { registerRunActions } from './runActions';
