import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A private key and its certificate, PEM. */
export interface KeyAndCertificate {
  key: string;
  cert: string;
}

/** DER: a tag, its length, the content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  let lengthBytes = [length];
  if (length > 0xff) lengthBytes = [0x82, length >> 8, length & 0xff];
  else if (length > 0x7f) lengthBytes = [0x81, length];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const SUBJECT_ALT_NAME = oid('551d11');
const VERSION_3 = der(0xa0, der(0x02, Buffer.from([2])));

/** YYMMDDHHMMSSZ, good until 2049. */
function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function altName(host: string): Buffer {
  return isIP(host) === 4
    ? der(0x87, Buffer.from(host.split('.').map(Number)))
    : der(0x82, Buffer.from(host));
}

/** Makes a self-signed certificate of a name or an IPv4 address, without a subject, as go-livepeer nodes have one. */
export function selfSigned(
  host: string,
  validFrom: number,
  validTo: number,
): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const nobody = sequence();
  const names = der(0x04, sequence(altName(host)));
  const body = sequence(
    VERSION_3,
    // A leading 1 keeps the number positive.
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ECDSA_WITH_SHA256,
    nobody,
    sequence(utcTime(validFrom), utcTime(validTo)),
    nobody,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(SUBJECT_ALT_NAME, names))),
  );
  const signature = der(
    0x03,
    Buffer.from([0]),
    sign('sha256', body, privateKey),
  );
  const certificate = sequence(body, ECDSA_WITH_SHA256, signature);
  const base64 = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.trim()}\n-----END CERTIFICATE-----\n`,
  };
}
