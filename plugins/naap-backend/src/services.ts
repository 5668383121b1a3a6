import { ConflictError } from '@backstage/errors';
import type { StepId } from '@naap/plugin-naap-common';
import type {
  EventSink,
  KpiStore,
  LakeReader,
  LayerCounter,
  NaapServicesExtensionPoint,
  NaapStepsExtensionPoint,
  PipelineStep,
} from '@naap/plugin-naap-node';

interface Services {
  eventSink: EventSink;
  kpiStore: KpiStore;
  lakeReader: LakeReader;
}

const BROUGHT_BY: Record<keyof Services, string> = {
  eventSink: '@naap/plugin-naap-backend-module-ingestion',
  kpiStore: '@naap/plugin-naap-backend-module-serving',
  lakeReader: '@naap/plugin-naap-backend-module-lakehouse',
};

/** What the modules brought, by the two extension points. */
export class NaapModules
  implements NaapServicesExtensionPoint, NaapStepsExtensionPoint
{
  readonly steps = new Map<StepId, PipelineStep>();
  readonly counters: LayerCounter[] = [];
  readonly #services: Partial<Services> = {};
  readonly #closers: Array<() => Promise<void>> = [];

  addStep(step: PipelineStep): void {
    if (this.steps.has(step.id)) {
      throw new ConflictError(`Two modules bring the step '${step.id}'`);
    }
    this.steps.set(step.id, step);
  }

  setEventSink(sink: EventSink): void {
    this.#set('eventSink', sink);
  }

  setKpiStore(store: KpiStore): void {
    this.#set('kpiStore', store);
  }

  kpiStore(): KpiStore {
    return this.services().kpiStore;
  }

  addCounter(counter: LayerCounter): void {
    this.counters.push(counter);
  }

  setLakeReader(reader: LakeReader): void {
    this.#set('lakeReader', reader);
  }

  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** The services; throws an error that names the module when one is missing. */
  services(): Services {
    const { eventSink, kpiStore, lakeReader } = this.#services;
    if (eventSink && kpiStore && lakeReader) {
      return { eventSink, kpiStore, lakeReader };
    }
    const missing = Object.entries(BROUGHT_BY)
      .filter(([name]) => !(name in this.#services))
      .map(([name, module]) => `${name} (add ${module}, or another)`);
    throw new Error(`No module brings ${missing.join(', ')}`);
  }

  /** Closes all that the modules opened. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#closers.map(close => close()));
  }

  #set<K extends keyof Services>(name: K, service: Services[K]): void {
    if (this.#services[name]) {
      throw new ConflictError(`Two modules bring the ${name}`);
    }
    this.#services[name] = service;
  }
}
