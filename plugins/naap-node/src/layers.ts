import {
  createServiceFactory,
  createServiceRef,
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type {
  AppendResult,
  EventBus,
  Positions,
  ReplayOptions,
  ReplaySummary,
} from '@naap/ingestion';
import type {
  Lake,
  LakeCallOptions,
  LakeCommitter,
  LakeComparer,
  MaintainResult,
  Warehouse,
} from '@naap/lakehouse';
import type { KafkaIntake, StorageState } from '@naap/plugin-naap-common';
import type { Serving } from '@naap/serving';
import { isAbsolute } from 'node:path';
import type { KpiStore, LakeReader } from './services';
import type { Stage } from './steps';

/** A service without which whoever needs it fails to start, and says from where it comes. */
function broughtBy<T>(source: string, id: string) {
  return createServiceRef<T>({
    id,
    scope: 'plugin',
    defaultFactory: async service =>
      createServiceFactory({
        service,
        deps: {},
        factory: (): T => {
          throw new Error(`Nothing brings ${id}: add ${source}, or another`);
        },
      }),
  });
}

const moduleOf = (layer: string) => `@naap/plugin-naap-backend-module-${layer}`;

/** Whoever puts a portal together adds the engines of a profile; the modules of the layers, which work on them, know none. */
const ENGINES = 'the engines of a profile (packages/backend/src/platform)';

/** Where events go in. Its errors are those that the API has a status for, such as a ServiceUnavailableError while it takes nothing. */
export const eventBusServiceRef = broughtBy<EventBus>(
  moduleOf('ingestion'),
  'naap.event-bus',
);

/** What is free where the platform writes to. */
export const storageServiceRef = broughtBy<() => Promise<StorageState>>(
  moduleOf('ingestion'),
  'naap.storage',
);

/** What the API reads KPIs and requests from. */
export const kpiStoreServiceRef = broughtBy<KpiStore>(
  moduleOf('serving'),
  'naap.kpi-store',
);

/** What the API reads raw events and quarantine from. */
export const lakeReaderServiceRef = broughtBy<LakeReader>(
  moduleOf('lakehouse'),
  'naap.lake-reader',
);

/** Events in, by the engine of a profile. */
export interface Ingestion {
  bus: EventBus;
  /** Makes messages durable in one append: whenever it is cut off all of them are there, or none. */
  append(messages: readonly Buffer[], source: string): Promise<AppendResult>;
  /** How far it is with the topics of Kafka that it reads; undefined where it reads none. */
  kafka?: () => KafkaIntake;
  /** What is free where events are kept. */
  storage(): Promise<StorageState>;
  /** The lake holds all that is below: of that, what is kept for it may go. */
  release(lake: Positions): Promise<void>;
  /** Judges what the lake holds anew, by the gate of today. */
  replay(
    options: ReplayOptions & { signal?: AbortSignal },
    onProgress: (message: string) => void,
  ): Promise<ReplaySummary>;
  close(): Promise<void>;
}

/** Who keeps tables fast to read. */
export interface Maintainer {
  /** Where nobody else may write meanwhile. */
  writes: readonly Stage[];
  /** Answers what was done, by table. */
  maintain(
    args: { retentionMs?: number },
    options: LakeCallOptions,
  ): Promise<Record<string, MaintainResult>>;
}

/** The lake, and who writes to it. */
export interface Lakehouse extends Lake {
  /** Brings what the bus has into the lake; absent where the bus brings it there by itself. */
  committer?: Pick<LakeCommitter, 'commit'>;
  maintainer: Maintainer;
  comparer: Pick<LakeComparer, 'compare'>;
  close(): Promise<void>;
}

export const ingestionServiceRef = broughtBy<Ingestion>(
  ENGINES,
  'naap.ingestion',
);

export const lakehouseServiceRef = broughtBy<Lakehouse>(
  ENGINES,
  'naap.lakehouse',
);

export const warehouseServiceRef = broughtBy<Warehouse>(
  ENGINES,
  'naap.warehouse',
);

export const servingServiceRef = broughtBy<Serving>(ENGINES, 'naap.serving');

/** The directory of all state (`naap.home`), absolute. */
export function readNaapHome(config: RootConfigService): string {
  const home = config.getString('naap.home');
  if (!isAbsolute(home)) {
    throw new InputError(
      `naap.home is '${home}'; use an absolute path, or set NAAP_HOME`,
    );
  }
  return home;
}
