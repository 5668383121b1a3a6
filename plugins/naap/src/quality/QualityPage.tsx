import { EmptyPanel } from '../components/Panel';

export function QualityPage() {
  return <EmptyPanel title="Data quality" />;
}
