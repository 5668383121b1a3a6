import { EmptyPanel } from '../components/Panel';

export function LineagePage() {
  return <EmptyPanel title="Lineage" />;
}
