import { isName, MAX_NAME_CHARACTERS } from '@naap/events';
import { fields } from './answers/bounded';
import { GatePolicy, gatePolicy, parsePorts } from './guard/GatePolicy';
import { INTERVAL_MS } from './schedule';
import type { Target } from './Target';
import { isTargetKind, SCRAPE_TARGET_KIND_LIST } from './targets';
import { isContact } from './userAgent';

/** A setting that can't be used: says which, and what it may be. */
export class ScraperSettingsError extends Error {
  override name = 'ScraperSettingsError';
}

/** `naap.scraper` of the configuration, read and checked. */
export interface ScraperSettings {
  /** Of `targets`: what is asked beside what the network reports. */
  targets: Target[];
  /** A file with more of them, read at each round; null: none. */
  targetsFile: string | null;
  /** A file that says the addresses of names instead of DNS; null: DNS. */
  hostsFile: string | null;
  intervalMs: number;
  /** Over how much of an interval targets are spread. */
  spreadMs: number;
  policy: GatePolicy;
  concurrency: number;
  /** Who brings the events, as the lake says it. */
  source: string;
  /** How those who are asked reach the operator; null: it is not said. */
  contact: string | null;
}

const KEY = 'naap.scraper';
const SOURCE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
/** Probes that begin late in a round end before the next. */
const SPREAD = 0.5;
/** An event's own time counts within 5 minutes of its envelope's, the start of the round. */
const MAX_INTERVAL_S = 240;

function numberIn(
  value: unknown,
  name: string,
  [absent, least, most]: readonly [number, number, number],
): number {
  const number = Number(value ?? absent);
  if (number >= least && number <= most) return number;
  throw new ScraperSettingsError(
    `${KEY}.${name} is '${value}'; use a number from ${least} to ${most}`,
  );
}

function textIn(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value !== '') return value;
  throw new ScraperSettingsError(`${KEY}.${name} is no text`);
}

function targetIn(value: unknown, index: number): Target {
  const { url, kind = 'orchestrator' } =
    typeof value === 'string' ? { url: value } : fields(value);
  const at = `${KEY}.targets[${index}]`;
  if (!isName(url)) {
    throw new ScraperSettingsError(
      `${at} has no url, or one with over ${MAX_NAME_CHARACTERS} characters`,
    );
  }
  if (!isTargetKind(kind)) {
    throw new ScraperSettingsError(
      `${at}.kind is '${kind}'; use ${SCRAPE_TARGET_KIND_LIST}`,
    );
  }
  return { url, kind, origins: ['config'] };
}

/**
 * Reads `naap.scraper`, as plain JSON; absent: all as it is by default.
 *
 * @throws ScraperSettingsError; an Error for private targets in production
 */
export function readScraperSettings(config: unknown): ScraperSettings {
  const given = fields(config);
  const targets = given.targets ?? [];
  if (!Array.isArray(targets)) {
    throw new ScraperSettingsError(`${KEY}.targets is no list`);
  }
  const source = textIn(given.source, 'source') ?? 'scraper';
  if (!SOURCE_NAME.test(source)) {
    throw new ScraperSettingsError(
      `${KEY}.source is '${source}'; use lower-case letters, digits, - and _`,
    );
  }
  const intervalMs =
    1000 *
    numberIn(given.intervalSeconds, 'intervalSeconds', [
      INTERVAL_MS / 1000,
      5,
      MAX_INTERVAL_S,
    ]);
  const ports = textIn(given.ports, 'ports');
  const contact = textIn(given.contact, 'contact');
  if (contact !== null && !isContact(contact)) {
    throw new ScraperSettingsError(
      `${KEY}.contact is '${contact}'; use a web or mail address of at most 200 characters, such as https://naap.example/scraper`,
    );
  }
  return {
    targets: targets.map(targetIn),
    targetsFile: textIn(given.targetsFile, 'targetsFile'),
    hostsFile: textIn(given.hostsFile, 'hostsFile'),
    intervalMs,
    spreadMs: SPREAD * intervalMs,
    policy: gatePolicy({
      ...(ports !== null && { ports: parsePorts(ports) }),
      allowPrivateTargets: given.allowPrivateTargets === true,
    }),
    concurrency: numberIn(given.concurrency, 'concurrency', [100, 1, 1000]),
    source,
    contact,
  };
}
