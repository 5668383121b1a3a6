import type { ScrapeErrorClass } from '@naap/events';
import { errors } from 'undici';
import { ProbeError } from '../ProbeError';

const BY_CODE: Record<string, ScrapeErrorClass> = {
  ECONNREFUSED: 'connect_refused',
  ETIMEDOUT: 'connect_timeout',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  HPE_INVALID_EOF_STATE: 'closed',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too_large',
  ERR_BUFFER_TOO_LARGE: 'too_large',
  EPROTO: 'tls',
};

/** The class of whatever sockets, TLS, undici and zlib fail with. */
export function errorClassOf(error: unknown): ScrapeErrorClass {
  if (error instanceof ProbeError) return error.errorClass;
  const { code } = error as NodeJS.ErrnoException;
  if (code && code in BY_CODE) return BY_CODE[code];
  // Not every one of these has a code.
  if (error instanceof errors.HTTPParserError) return 'bad_http';
  if (!code) return 'other';
  if (code.startsWith('Z_')) return 'bad_encoding';
  return /^ERR_(?:SSL|TLS)_/.test(code) ? 'tls' : 'other';
}
