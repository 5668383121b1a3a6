import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { bytesOf, FULL, MIB } from './target.ts';
import type { Target } from './target.ts';

/** What a bomb becomes: over the limit of one request, which is 1 GiB. */
const BOMB_MIB = FULL ? 2048 : 1088;
/** What a bomb may leave in the home, whatever it was taken for. */
const MOST_KEPT = 256 * MIB;
/** Some bring millions of messages before they are refused. */
const PATIENCE_MS = 300_000;

/** Gzip of some MiB of one repeated unit, made of members of 32 MiB. */
function gzipOf(mib: number, unit: string): Buffer {
  const member = gzipSync(
    Buffer.alloc(32 * MIB, unit.repeat(1024).slice(0, 32 * MIB)),
  );
  return Buffer.concat(Array<Buffer>(mib / 32).fill(member));
}

interface CompressedBody {
  body: Buffer;
  headers: Record<string, string>;
  /** Whether it must be refused; else it may also be taken for what it is. */
  refused: boolean;
}

/** Bodies that become more than they are, by every way that they may be unpacked. */
function compressedBodies(mib: number): Record<string, CompressedBody> {
  const gzip = { 'content-encoding': 'gzip' };
  const zeros = gzipOf(mib, '\0');
  const blank = gzipOf(mib, '\n');
  const small = gzipOf(mib, '{}\n');
  const honest = gzipSync('{"type":"unknown","data":1}\n'.repeat(10));
  const empty = gzipSync('');
  return {
    'a line of zeros': { body: zeros, headers: gzip, refused: true },
    'nothing but line ends': { body: blank, headers: gzip, refused: true },
    'the smallest messages': { body: small, headers: gzip, refused: true },
    'the same without a header': { body: zeros, headers: {}, refused: true },
    'gzip in gzip': { body: gzipSync(zeros), headers: gzip, refused: false },
    'gzip in gzip of small messages': {
      body: gzipSync(small),
      headers: gzip,
      refused: false,
    },
    'gzip in gzip without a header': {
      body: gzipSync(blank),
      headers: {},
      refused: false,
    },
    'gzip in gzip in gzip': {
      body: gzipSync(gzipSync(zeros)),
      headers: gzip,
      refused: false,
    },
    'an honest line before the bomb': {
      body: Buffer.concat([honest, zeros]),
      headers: gzip,
      refused: true,
    },
    'a bomb in an array': {
      body: Buffer.concat([gzipSync('[{}'), gzipOf(mib, ',{}')]),
      headers: gzip,
      refused: true,
    },
    'members without content': {
      body: Buffer.concat(Array<Buffer>(500_000).fill(empty)),
      headers: gzip,
      refused: false,
    },
    'a name without end in the head': {
      body: Buffer.concat([
        Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]),
        Buffer.alloc(8 * MIB, 'x'),
      ]),
      headers: gzip,
      refused: true,
    },
    'cut off': {
      body: honest.subarray(0, -9),
      headers: gzip,
      refused: true,
    },
    'no gzip': { body: Buffer.from('{}'), headers: gzip, refused: true },
    'two encodings': {
      body: gzipSync(honest),
      headers: { 'content-encoding': 'gzip, gzip' },
      refused: true,
    },
    'an encoding that nobody asked for': {
      body: honest,
      headers: { 'content-encoding': 'br' },
      refused: true,
    },
  };
}

/** What is compressed is unpacked once, counted as what comes out, and bounded. */
export async function compressed({ portal }: Target): Promise<void> {
  const before = bytesOf(portal.home.path);
  const bodies = Object.entries(compressedBodies(BOMB_MIB));
  for (const [name, { body, headers, refused }] of bodies) {
    const began = Date.now();
    const { status } = await portal.bring(body, headers).catch(error => {
      throw new Error(`${name}: no answer: ${error.cause ?? error}`);
    });
    const ms = Date.now() - began;
    const what = `${name}: ${status} after ${ms} ms`;
    const allowed = refused ? [400, 413, 415] : [200, 400, 413, 415];
    assert.ok(allowed.includes(status), what);
    assert.ok(ms < PATIENCE_MS, what);
  }
  const grown = bytesOf(portal.home.path) - before;
  assert.ok(grown < MOST_KEPT, `the home grew by ${grown} bytes`);
}
