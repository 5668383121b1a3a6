import { readHttpServerOptions } from '@backstage/backend-defaults/rootHttpRouter';
import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { IncomingMessage } from 'node:http';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
/** Listening on all addresses is no name. */
const WILDCARDS = ['', '0.0.0.0', '::'];
const HOST = /^(?:\[[0-9a-f:.]+\]|[^\s/?#@:[\]\\*]+)$/i;

/** A name or an address as browsers write it; undefined when it is neither. */
function hostOf(text: string): string | undefined {
  const url = `http://${text}`;
  if (!HOST.test(text) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/\.$/, '');
}

/**
 * The hosts that the portal answers to: loopback, where it listens, what `app.baseUrl` and `backend.baseUrl` name, and
 * `backend.allowedHosts`. Throws an InputError that names the key for what is no host.
 */
export function readAllowedHosts(config: RootConfigService): Set<string> {
  const hosts = new Set(LOOPBACK);
  for (const key of ['app.baseUrl', 'backend.baseUrl']) {
    hosts.add(new URL(config.getString(key)).hostname.replace(/\.$/, ''));
  }
  const { host: listen } = readHttpServerOptions(
    config.getConfig('backend'),
  ).listen;
  if (!WILDCARDS.includes(listen)) {
    hosts.add(hostOf(listen.includes(':') ? `[${listen}]` : listen) ?? listen);
  }
  const more = config.getOptionalStringArray('backend.allowedHosts') ?? [];
  more.forEach((text, i) => {
    const host = hostOf(text);
    if (host === undefined) {
      throw new InputError(
        `backend.allowedHosts[${i}] is '${text}'; use a name or an address without scheme and port, such as naap.example`,
      );
    }
    hosts.add(host);
  });
  return hosts;
}

/** What is wrong with the addressee or the origin of a request, and the status to say it with. */
export interface Misdirected {
  status: 400 | 403 | 421;
  message: string;
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
const has = (hosts: ReadonlySet<string>, authority: string) =>
  hosts.has(hostOf(authority.replace(/:\d{1,5}$/, '')) ?? '');
const shown = (text: string) => `'${text.slice(0, 255)}'`;
const HOW = 'the portal answers to the hosts of backend.allowedHosts only';

/**
 * A page of another site may point its own name at this machine (DNS rebinding), or send a browser here to change
 * something. So the addressee is a host that is known, and whoever changes something comes from one, or is no browser.
 * Undefined when all is well.
 */
export function misdirected(
  hosts: ReadonlySet<string>,
  req: Pick<IncomingMessage, 'headers' | 'method' | 'rawHeaders' | 'url'>,
): Misdirected | undefined {
  const named = req.rawHeaders.filter(
    (name, i) => i % 2 === 0 && name.toLowerCase() === 'host',
  );
  if (named.length !== 1) {
    return { status: 400, message: 'One Host header is wanted' };
  }
  const addressees = [req.headers.host ?? ''];
  // A request line with a whole URL names the addressee once more.
  const url = req.url ?? '';
  if (!url.startsWith('/') && url !== '*') {
    addressees.push(URL.canParse(url) ? new URL(url).host : url);
  }
  for (const addressee of addressees) {
    if (!has(hosts, addressee)) {
      return { status: 421, message: `${shown(addressee)}: ${HOW}` };
    }
  }
  const { origin } = req.headers;
  if (origin === undefined || SAFE_METHODS.includes(req.method ?? '')) {
    return undefined;
  }
  // Pages without an origin of their own say 'null'.
  const from = URL.canParse(origin) ? new URL(origin).host : '';
  return has(hosts, from)
    ? undefined
    : { status: 403, message: `From a page of ${shown(origin)}: ${HOW}` };
}
