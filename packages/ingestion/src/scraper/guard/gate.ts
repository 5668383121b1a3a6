import { ScrapeErrorClass, withoutTrailingSlashes } from '@naap/events';
import { isIP } from 'node:net';
import { refusedRange } from './addressRange';
import { GatePolicy, isAllowedPort } from './GatePolicy';

/** A URL that may be asked, in parts. */
export interface Destination {
  secure: boolean;
  /** A name, or an IP address without brackets. */
  host: string;
  port: number;
  /** Of the base, without a trailing slash. */
  path: string;
}

export interface Refusal {
  refused: Extract<ScrapeErrorClass, 'refused_url' | 'refused_address'>;
  /** The rule: `port`, `loopback`, … */
  reason: string;
}

/** Names that never belong to a stranger's public server (RFC 6761, 8375, 9476). */
const SPECIAL_NAMES =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|onion|test|invalid|alt)$/;

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

function refusal(reason: string): Refusal {
  return { refused: 'refused_url', reason };
}

/** Whether the host stands in the text just as the URL parser understood it. */
function isPlainlySpelled(text: string, url: URL): boolean {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1].toLowerCase();
  return (
    authority === url.host ||
    authority === `${url.hostname}:${DEFAULT_PORTS[url.protocol]}`
  );
}

function refusedName(name: string): string | null {
  if (name.endsWith('.')) return 'spelling';
  return !name.includes('.') || SPECIAL_NAMES.test(name) ? 'name' : null;
}

/**
 * Decides from its text alone whether a URL may be asked. What passes may still
 * have a name of a refused address: see `resolveChecked`.
 */
export function checkUrl(
  text: string,
  policy: GatePolicy,
): Destination | Refusal {
  const url = URL.parse(text);
  if (!url) return refusal('not_a_url');
  if (!(url.protocol in DEFAULT_PORTS)) return refusal('scheme');
  if (url.username !== '' || url.password !== '') return refusal('credentials');

  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) {
    const range = refusedRange(host, policy.allowPrivateTargets);
    if (range) return { refused: 'refused_address', reason: range };
  } else if (!policy.allowPrivateTargets) {
    const reason = refusedName(host);
    if (reason) return refusal(reason);
  }
  if (!isPlainlySpelled(text, url)) return refusal('spelling');
  const port = Number(url.port || DEFAULT_PORTS[url.protocol]);
  if (!isAllowedPort(policy, port)) return refusal('port');
  if (url.search !== '' || url.hash !== '') return refusal('query');
  return {
    secure: url.protocol === 'https:',
    host,
    port,
    path: withoutTrailingSlashes(url.pathname),
  };
}

/** Scheme, host and port, always the same text for the same place. */
export function originOf({ secure, host, port }: Destination): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'https' : 'http'}://${bracketed}:${port}`;
}
