import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Positions } from '@naap/ingestion';
import type { KafkaIntake } from '@naap/plugin-naap-common';
import type { Connectors } from './services';
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
  /** It goes down, too. */
  gauge?: boolean;
}

/** Where a layer's module tells what happens in it, and is told. */
export interface NaapServicesExtensionPoint {
  /** Calls the listener after every commit with what the lake holds: of that, what is kept for it may go. */
  onCommitted(listener: (positions: Positions) => Promise<void>): void;
  /** Shown on the page of Prometheus metrics, read whenever somebody looks. */
  addCounter(counter: LayerCounter): void;
  /** Shown by `GET /freshness`: how far the platform is with the topics that it reads. */
  setKafka(intake: () => KafkaIntake): void;
  /** Shown by `GET /connectors`, and what can be done to them. */
  setConnectors(connectors: Connectors): void;
  /** Runs when the portal stops, after the last step has ended. */
  onClose(close: () => Promise<void>): void;
}

export const naapServicesExtensionPoint =
  createExtensionPoint<NaapServicesExtensionPoint>({ id: 'naap.services' });
