import { EmptyPanel } from '../components/Panel';

export function ComparePage() {
  return <EmptyPanel title="Compare" />;
}
