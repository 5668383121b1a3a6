import type { ScrapeTls } from '@naap/events';
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** What a certificate says of the server at `host`. */
export function tlsFacts(
  certificate: X509Certificate,
  host: string,
): ScrapeTls {
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
