import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ProbeError } from '../ProbeError';

const unzip = promisify(gunzip);

/**
 * The text of a body. What is larger than `maxBytes` is not unpacked further.
 *
 * @throws ProbeError for an encoding that was not asked for; errors of zlib
 */
export async function decodeBody(
  body: Buffer,
  encoding: string | null,
  maxBytes: number,
): Promise<string> {
  if (encoding === null || encoding === 'identity') return body.toString();
  if (encoding !== 'gzip') throw new ProbeError('bad_encoding');
  return (await unzip(body, { maxOutputLength: maxBytes })).toString();
}
