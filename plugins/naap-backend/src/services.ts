import { ConflictError } from '@backstage/errors';
import type { Append, Positions } from '@naap/ingestion';
import type { KafkaIntake, StepId } from '@naap/plugin-naap-common';
import type {
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
  readonly #closers: Array<() => Promise<void>> = [];
  readonly #commitListeners: Array<(lake: Positions) => Promise<void>> = [];
  #listener: (append: Append) => void = () => {};

  addStep(step: PipelineStep): void {
    if (this.steps.has(step.id)) {
      throw new ConflictError(`Two modules bring the step '${step.id}'`);
    }
    this.steps.set(step.id, step);
  }

  appended(append: Append): void {
    this.#listener(append);
  }

  /** Calls the listener after every append that a module tells of. */
  onAppended(listener: (append: Append) => void): void {
    this.#listener = listener;
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

  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Closes all that the modules opened. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#closers.map(close => close()));
  }
}
