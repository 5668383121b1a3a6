import type { Page } from './pages';
import type { AnswerMeta } from './served';

/** A version of a model's runner that an orchestrator began to report. */
export interface DeployRow {
  orchestrator: string;
  model: string;
  version: string;
  first_seen_at: string;
}

/** An orchestrator as the events name it, of all times; the first hundred of each list. */
export interface OrchestratorInfo {
  orchestrator: string;
  uris: string[];
  gpus: string[];
  models: string[];
  first_seen_at: string | null;
  last_seen_at: string | null;
  version: string | null;
  /** Who runs it, as people told, null where nobody did; the stake in LPT, as a decimal. */
  name: string | null;
  contact: string | null;
  stake_lpt: string | null;
}

/** An AI model as the events name it, of all times. */
export interface ModelInfo {
  model: string;
  pipeline: string | null;
  first_seen_at: string | null;
  last_seen_at: string | null;
  flops_per_frame: number | null;
}

/** A page of three lists, one after the other. */
export interface InventoryAnswer extends Page {
  meta: AnswerMeta;
  orchestrators: OrchestratorInfo[];
  models: ModelInfo[];
  deploys: DeployRow[];
}

/** A URL that a capability report gives to two or more addresses: nobody proves whose it is. */
export interface ContestedUrl {
  url: string;
  /** The first hundred, in their order. */
  addresses: string[];
  /** Of the first and the last such report. */
  first_seen_at: string;
  last_seen_at: string;
  /** Such reports. */
  reports: number;
}

export interface ContestedAnswer extends Page {
  meta: AnswerMeta;
  rows: ContestedUrl[];
}
