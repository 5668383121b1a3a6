import type {
  EventData,
  EventFamily,
  Message,
  NetworkCapabilitiesEntry,
  OrchestratorScrapeData,
} from '@naap/events';
import { createHash } from 'node:crypto';
import type { ProbeResult } from './probe/probeTarget';
import type { Target } from './Target';
import { shownUrl, targetKey } from './targets';

/** A message of the scraper. */
export type ScrapeMessage =
  | Parsed<'orchestrator_scrape', OrchestratorScrapeData>
  | Parsed<'network_capabilities', NetworkCapabilitiesEntry[]>;

/** A message whose data is not text. */
type Parsed<F extends EventFamily, D> = Omit<Message<F, D>, 'data'> & {
  data: D;
};

/** When and how a target was asked. */
export interface Visit {
  target: Target;
  /** Start of the round, unix ms. */
  round: number;
  roundTargets: number;
  /** When the probe began, unix ms. */
  at: number;
  attempted: boolean;
}

const MAX_ORIGINS = 16;

/** The same whenever the round of the target is done again: so it counts once. */
function eventId(family: EventFamily, { round, target }: Visit): string {
  const hash = createHash('sha256')
    .update(`${family}\n${round}\n${targetKey(target.url)}`)
    .digest('hex');
  return `scrape-${hash.slice(0, 32)}`;
}

function envelope<F extends EventFamily, D extends EventData[F]>(
  type: F,
  visit: Visit,
  data: D,
): Parsed<F, D> {
  // A duplicate is found within an envelope day: the round's start never moves.
  return {
    id: eventId(type, visit),
    type,
    timestamp: String(visit.round),
    gateway: '',
    data,
  };
}

/** What one visit is published as: the scrape, and the report of a gateway as the gateway sends it. */
export function messagesOf(
  visit: Visit,
  { capabilities, ...result }: ProbeResult,
): ScrapeMessage[] {
  const { target, round, roundTargets, at, attempted } = visit;
  const scrape = envelope('orchestrator_scrape', visit, {
    target: shownUrl(target.url),
    kind: target.kind,
    origins: target.origins.slice(0, MAX_ORIGINS),
    round,
    round_targets: roundTargets,
    timestamp: at,
    attempted,
    ...result,
  });
  return capabilities
    ? [scrape, envelope('network_capabilities', visit, capabilities)]
    : [scrape];
}

/** Messages as they go into the event log. */
export function toLines(messages: readonly ScrapeMessage[]): Buffer[] {
  return messages.map(message => Buffer.from(JSON.stringify(message)));
}
