import { EmptyPanel } from '../components/Panel';

export function ScorecardCard() {
  return <EmptyPanel title="Scorecard" />;
}
