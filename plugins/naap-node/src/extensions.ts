import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { EventSink, KpiStore, LakeReader } from './services';
import type { PipelineStep } from './steps';

/** Where a layer's module brings its pipeline step. */
export interface NaapStepsExtensionPoint {
  /** Throws when the step's id is taken. */
  addStep(step: PipelineStep): void;
}

export const naapStepsExtensionPoint =
  createExtensionPoint<NaapStepsExtensionPoint>({ id: 'naap.steps' });

/** Where a layer's module brings what the API is served from. Each may be set once. */
export interface NaapServicesExtensionPoint {
  setEventSink(sink: EventSink): void;
  setKpiStore(store: KpiStore): void;
  setLakeReader(reader: LakeReader): void;
  /** Runs when the portal stops, after the last step has ended. */
  onClose(close: () => Promise<void>): void;
}

export const naapServicesExtensionPoint =
  createExtensionPoint<NaapServicesExtensionPoint>({ id: 'naap.services' });
