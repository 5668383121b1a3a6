import { EmptyPanel } from '../components/Panel';

export function PipelinesPage() {
  return <EmptyPanel title="Pipelines" />;
}
