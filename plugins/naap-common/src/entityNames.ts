import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

const MAX_LENGTH = 63;
const HASH_LENGTH = 16;

/** Name in the catalog of an orchestrator, by its address. */
export function orchestratorEntityName(address: string): string {
  return entityName('orchestrator', address);
}

/** Name in the catalog of an AI model, by its id. */
export function modelEntityName(model: string): string {
  return entityName('model', model);
}

/**
 * A name that the catalog takes: `[a-z0-9-_.]`, at most 63 characters, with a letter or digit at the end. The catalog
 * tells no upper from lower case, so there is none. What had to be changed or cut ends in a hash of the id, and so does
 * what looks like it: different ids keep different names. Ids are strangers', who could make two of one name with a
 * weaker hash.
 */
function entityName(prefix: string, id: string): string {
  const name = `${prefix}-${id}`;
  const safe = name.toLowerCase().replace(/[^a-z0-9\-_.]/g, '-');
  const kept =
    safe === name &&
    name.length <= MAX_LENGTH &&
    /[a-z0-9]$/.test(name) &&
    !/-[0-9a-f]{16}$/.test(name);
  return kept
    ? name
    : `${safe.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}-${hash(id)}`;
}

/** The start of the SHA-256 of the UTF-8 bytes, in hex. In the browser too, and without a promise. */
function hash(text: string): string {
  return bytesToHex(sha256(text)).slice(0, HASH_LENGTH);
}
