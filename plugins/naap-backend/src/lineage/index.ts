export { Lineage, LineageSources } from './Lineage';
