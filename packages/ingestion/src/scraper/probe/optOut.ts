import { isIP } from 'node:net';
import type { Destination } from '../guard/gate';
import type { ResolveTexts } from '../guard/resolve';
import { inSession, SessionOptions } from './session';

/** Where a server says that it does not want to be asked. */
export const OPT_OUT_PATH = '/.well-known/naap-scraper.txt';
/** Before the name of a host: where its owner says so in DNS. */
export const OPT_OUT_LABEL = '_naap-scraper';

/** A longer file says nothing. */
const MAX_BYTES = 4_096;
const DISALLOW = 'disallow';

/** Whether one line is `disallow`, in any case; a # begins a comment. */
export function saysDisallow(text: string): boolean {
  return text
    .slice(0, MAX_BYTES)
    .split('\n')
    .some(line => line.split('#')[0].trim().toLowerCase() === DISALLOW);
}

/**
 * Asks whether the server at `to` does not want to be asked: its name in DNS
 * first, then the server itself, without following it anywhere.
 *
 * @returns null when neither DNS nor the server says anything, because it fails
 * @throws the signal's reason
 */
export async function askOptOut(
  to: Destination,
  addresses: readonly string[],
  texts: ResolveTexts,
  options: SessionOptions,
): Promise<boolean | null> {
  const records = isIP(to.host)
    ? []
    : await texts(`${OPT_OUT_LABEL}.${to.host}`);
  if (records.some(saysDisallow)) return true;
  const limits = {
    ...options.limits,
    totalMs: options.limits.totalMs / 2,
    bodyBytes: MAX_BYTES,
  };
  const { status, body } = await inSession(
    { ...to, path: '' },
    addresses,
    { ...options, limits },
    http => http.get(OPT_OUT_PATH),
  );
  if (status === null || status >= 500) return null;
  return body !== null && saysDisallow(body);
}
