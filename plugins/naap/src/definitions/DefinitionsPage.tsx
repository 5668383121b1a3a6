import { EmptyPanel } from '../components/Panel';

export function DefinitionsPage() {
  return <EmptyPanel title="KPI definitions" />;
}
