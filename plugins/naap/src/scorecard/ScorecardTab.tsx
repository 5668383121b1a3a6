import { EmptyPanel } from '../components/Panel';

export function ScorecardTab() {
  return <EmptyPanel title="Scorecard" />;
}
