import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Append, EventBus, Positions } from '@naap/ingestion';
import type { StorageState } from '@naap/plugin-naap-common';
import type { KpiStore, LakeReader } from './services';
import type { PipelineStep } from './steps';

/** Where a layer's module brings its pipeline step. */
export interface NaapStepsExtensionPoint {
  /** Throws when the step's id is taken. */
  addStep(step: PipelineStep): void;
}

export const naapStepsExtensionPoint =
  createExtensionPoint<NaapStepsExtensionPoint>({ id: 'naap.steps' });

/** What a layer counts since the process began. */
export interface LayerCounter {
  /** Such as `naap_scrape_bytes_total`. */
  name: string;
  help: string;
  /** Of closed sets only: strangers' text is no label. */
  labelNames: string[];
  read(): Array<{ labels: Record<string, string>; value: number }>;
}

/** Where a layer's module brings what the API is served from. Each service may be set once. */
export interface NaapServicesExtensionPoint {
  /** Its errors are those that the API has a status for, such as a ServiceUnavailableError while it takes nothing. */
  setEventBus(bus: EventBus): void;
  /** What is free where the platform writes to. */
  setStorage(storage: () => Promise<StorageState>): void;
  setKpiStore(store: KpiStore): void;
  /** What a module brought; throws while none did. For a step that runs, when all are there. */
  kpiStore(): KpiStore;
  setLakeReader(reader: LakeReader): void;
  /** Events became durable: how long they take to be served is measured from then on. */
  appended(append: Append): void;
  /** Calls the listener after every commit with what the lake holds: of that, what is kept for it may go. */
  onCommitted(listener: (positions: Positions) => Promise<void>): void;
  /** Shown on the page of Prometheus metrics, read whenever somebody looks. */
  addCounter(counter: LayerCounter): void;
  /** Runs when the portal stops, after the last step has ended. */
  onClose(close: () => Promise<void>): void;
}

export const naapServicesExtensionPoint =
  createExtensionPoint<NaapServicesExtensionPoint>({ id: 'naap.services' });
