/** What a target of the pull scraper is, and with it what it is asked. */
export const SCRAPE_TARGET_KINDS = ['orchestrator', 'node', 'runner'] as const;

export type ScrapeTargetKind = (typeof SCRAPE_TARGET_KINDS)[number];

/** Why a target, or one question to it, gave no answer that can be used. */
export const SCRAPE_ERROR_CLASSES = [
  /** The scraper doesn't talk to such a URL; nothing was sent. */
  'refused_url',
  /** The address, or one of the name's addresses, is not public; nothing was sent. */
  'refused_address',
  'dns',
  'connect_refused',
  'connect_timeout',
  'unreachable',
  'tls',
  /** Connected, but too slow: TLS, first byte or the whole. */
  'timeout',
  /** Closed or reset before the answer was whole. */
  'closed',
  'bad_http',
  'redirect',
  'http_status',
  'too_large',
  'bad_encoding',
  'bad_json',
  'other',
] as const;

export type ScrapeErrorClass = (typeof SCRAPE_ERROR_CLASSES)[number];

/** Milliseconds of each phase of the first question; null: it was not reached. */
export interface ScrapeLatency {
  /** Null too when the URL has an address instead of a name. */
  dns: number | null;
  connect: number | null;
  tls: number | null;
  /** From the request sent to the head of the answer. */
  first_byte: number | null;
  /** From the first phase to the last byte. */
  total: number | null;
}

/** Of the certificate, which is accepted whatever it is. */
export interface ScrapeTls {
  self_signed: boolean;
  name_matches: boolean;
  /** Unix ms. */
  valid_from: number;
  /** Unix ms. */
  valid_to: number;
}

export interface ScrapeGpu {
  /** As the node says it. One that begins with `GPU-` is one GPU wherever it appears; any other is one per target and name. */
  id: string | null;
  name: string | null;
  /** Bytes. */
  memory_total: number | null;
  /** Bytes. */
  memory_free: number | null;
  /** Percent, as the runner measured it. */
  utilization_compute: number | null;
  /** Percent. */
  utilization_memory: number | null;
}

/** A container that serves a model. */
export interface ScrapeRunner {
  /** As it was said: text, never followed. */
  url: string | null;
  pipeline: string | null;
  model: string | null;
  version: string | null;
  /** How it serves, such as `persistent`, as the node says it. */
  mode: string | null;
  capacity: number | null;
  capacity_used: number | null;
  capacity_available: number | null;
  price: number | null;
  price_currency: string | null;
  price_unit: string | null;
  /** Id of its GPU. */
  gpu_id: string | null;
}

/** One series of a node's /metrics. */
export interface ScrapeMetric {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** One question and what came back. */
export interface ScrapeAnswer {
  path: string;
  http_status: number | null;
  error_class: ScrapeErrorClass | null;
  total_ms: number | null;
  /** Bytes of the body on the wire. */
  bytes: number;
}

/**
 * What the pull scraper found at one target in one round. Lists are empty and
 * values null where the target said nothing.
 */
export interface OrchestratorScrapeData {
  /** The URL as it was given, without credentials. */
  target: string;
  kind: ScrapeTargetKind;
  /** Where the target came from, such as `file`. */
  origins: string[];
  /** Start of the round, unix ms. */
  round: number;
  /** How many targets the round has: with as many events it is whole. */
  round_targets: number;
  /** When the probe began, unix ms. */
  timestamp: number;
  /** False: not asked in this round, because it was refused or is known to be dead. */
  attempted: boolean;
  /** Whether an HTTP answer came, whatever it said. */
  reachable: boolean;
  /** The first error; a 404 of an older node is none. */
  error_class: ScrapeErrorClass | null;
  /** Which rule refused it: `port`, `loopback`, … */
  refusal: string | null;
  /** Of the first question. */
  http_status: number | null;
  /** The IP address that was connected to. */
  address: string | null;
  latency_ms: ScrapeLatency;
  tls: ScrapeTls | null;
  version: string | null;
  /** What a runner says of itself: LOADING, OK, ERROR, IDLE. */
  health: string | null;
  /** Sums over all runners of the answer that say it, not only over those kept. */
  capacity: {
    total: number | null;
    used: number | null;
    available: number | null;
  };
  /** How many runners the answer of an orchestrator had; null: it didn't say any list of them. */
  runners_total: number | null;
  /** The first of them. */
  runners: ScrapeRunner[];
  gpus: ScrapeGpu[];
  metrics: ScrapeMetric[];
  answers: ScrapeAnswer[];
}
