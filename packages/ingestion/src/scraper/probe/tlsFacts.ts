import type { ScrapeTls } from '@naap/events';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** What the certificate says, or null if the server showed none. */
export function tlsFacts(socket: TLSSocket, host: string): ScrapeTls | null {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return null;
  const matching = isIP(host)
    ? certificate.checkIP(host)
    : certificate.checkHost(host);
  return {
    self_signed: certificate.checkIssued(certificate),
    name_matches: matching !== undefined,
    valid_from: Date.parse(certificate.validFrom),
    valid_to: Date.parse(certificate.validTo),
  };
}
