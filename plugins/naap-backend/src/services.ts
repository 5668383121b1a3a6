import { ConflictError } from '@backstage/errors';
import type { Append, EventBus, Positions } from '@naap/ingestion';
import type { StepId, StorageState } from '@naap/plugin-naap-common';
import type {
  KpiStore,
  LakeReader,
  LayerCounter,
  NaapServicesExtensionPoint,
  NaapStepsExtensionPoint,
  PipelineStep,
} from '@naap/plugin-naap-node';

interface Services {
  eventBus: EventBus;
  kpiStore: KpiStore;
  lakeReader: LakeReader;
  storage: () => Promise<StorageState>;
}

const BROUGHT_BY: Record<keyof Services, string> = {
  eventBus: '@naap/plugin-naap-backend-module-ingestion',
  kpiStore: '@naap/plugin-naap-backend-module-serving',
  lakeReader: '@naap/plugin-naap-backend-module-lakehouse',
  storage: '@naap/plugin-naap-backend-module-ingestion',
};

/** What the modules brought, by the two extension points. */
export class NaapModules
  implements NaapServicesExtensionPoint, NaapStepsExtensionPoint
{
  readonly steps = new Map<StepId, PipelineStep>();
  readonly counters: LayerCounter[] = [];
  readonly #services: Partial<Services> = {};
  readonly #closers: Array<() => Promise<void>> = [];
  readonly #commitListeners: Array<(lake: Positions) => Promise<void>> = [];
  #listener: (append: Append) => void = () => {};

  addStep(step: PipelineStep): void {
    if (this.steps.has(step.id)) {
      throw new ConflictError(`Two modules bring the step '${step.id}'`);
    }
    this.steps.set(step.id, step);
  }

  setEventBus(bus: EventBus): void {
    this.#set('eventBus', bus);
  }

  setStorage(storage: () => Promise<StorageState>): void {
    this.#set('storage', storage);
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
    const { eventBus, kpiStore, lakeReader, storage } = this.#services;
    if (eventBus && kpiStore && lakeReader && storage) {
      return { eventBus, kpiStore, lakeReader, storage };
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
