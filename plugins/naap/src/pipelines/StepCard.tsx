import { EmptyPanel } from '../components/Panel';

export function StepCard() {
  return <EmptyPanel title="Pipeline step" />;
}
