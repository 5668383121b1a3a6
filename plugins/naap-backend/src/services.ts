import { ConflictError } from '@backstage/errors';
import type { Positions } from '@naap/ingestion';
import type { KafkaIntake, StepId } from '@naap/plugin-naap-common';
import type {
  Connectors,
  LayerCounter,
  NaapServicesExtensionPoint,
  NaapStepsExtensionPoint,
  PipelineStep,
} from '@naap/plugin-naap-node';

/** What the modules brought, by the two extension points. */
export class NaapModules
  implements NaapServicesExtensionPoint, NaapStepsExtensionPoint
{
  readonly steps = new Map<StepId, PipelineStep>();
  readonly counters: LayerCounter[] = [];
  /** Undefined where no topics are read. */
  kafka: (() => KafkaIntake) | undefined;
  /** Undefined where no Kafka Connect is configured. */
  connectors: Connectors | undefined;
  readonly #closers: Array<() => Promise<void>> = [];
  readonly #commitListeners: Array<(lake: Positions) => Promise<void>> = [];

  addStep(step: PipelineStep): void {
    if (this.steps.has(step.id)) {
      throw new ConflictError(`Two modules bring the step '${step.id}'`);
    }
    this.steps.set(step.id, step);
  }

  onCommitted(listener: (positions: Positions) => Promise<void>): void {
    this.#commitListeners.push(listener);
  }

  /** The lake holds all that is below. */
  async committed(positions: Positions): Promise<void> {
    await Promise.all(this.#commitListeners.map(tell => tell(positions)));
  }

  addCounter(counter: LayerCounter): void {
    this.counters.push(counter);
  }

  setKafka(intake: () => KafkaIntake): void {
    this.kafka = intake;
  }

  setConnectors(connectors: Connectors): void {
    this.connectors = connectors;
  }

  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Closes all that the modules opened. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#closers.map(close => close()));
  }
}
