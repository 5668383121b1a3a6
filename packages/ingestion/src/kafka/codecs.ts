import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { decompressBlock, decompressBound } from 'lz4js';
import { uncompress } from 'snappyjs';

/** Most bytes that come out of one record batch: what is packed comes from anybody. */
const MAX_BYTES = 256 * 1024 * 1024;

/** What the Java client writes before its blocks of Snappy: a magic text and two versions. Others write one bare block. */
const XERIAL_MAGIC = Buffer.from('\x82SNAPPY\0', 'latin1');
const XERIAL_HEADER_BYTES = 16;

const LZ4_BLOCK_CHECKSUM = 0x10;
const LZ4_CONTENT_SIZE = 0x08;
const LZ4_DICTIONARY = 0x01;
/** Magic number, flags, block size and the checksum of these. */
const LZ4_HEADER_BYTES = 7;
const LZ4_STORED = 0x80000000;

/** A record batch can't be unpacked. */
export class KafkaCodecError extends Error {
  readonly name = 'KafkaCodecError';
}

interface Codec {
  compress(): Promise<never>;
  decompress(packed: Buffer): Promise<Buffer>;
}

/** The bytes of Snappy, in blocks or bare. */
export function fromSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
    return uncompress(packed, MAX_BYTES);
  }
  const blocks: Buffer[] = [];
  let left = MAX_BYTES;
  for (let at = XERIAL_HEADER_BYTES; at < packed.length; ) {
    const end = at + 4 + packed.readUInt32BE(at);
    const block = uncompress(packed.subarray(at + 4, end), left);
    left -= block.length;
    blocks.push(block);
    at = end;
  }
  return Buffer.concat(blocks);
}

/** The bytes of a frame of LZ4. Its checksums are not looked at, as the broker did that when it took the batch. */
export function fromLz4(packed: Buffer): Buffer {
  const bound = decompressBound(packed);
  if (bound > MAX_BYTES) {
    throw new KafkaCodecError(
      `A record batch is more than ${MAX_BYTES} bytes unpacked`,
    );
  }
  const bytes = Buffer.alloc(bound);
  const flags = packed[4];
  let at = LZ4_HEADER_BYTES;
  if (flags & LZ4_CONTENT_SIZE) at += 8;
  if (flags & LZ4_DICTIONARY) at += 4;
  let length = 0;
  while (at + 4 <= packed.length) {
    const size = packed.readUInt32LE(at);
    if (size === 0) return bytes.subarray(0, length);
    at += 4;
    const end = at + (size & ~LZ4_STORED);
    if (size & LZ4_STORED) {
      length += packed.copy(bytes, length, at, end);
    } else {
      length = decompressBlock(packed, bytes, at, end - at, length);
    }
    if (end > packed.length || length > bound) break;
    at = flags & LZ4_BLOCK_CHECKSUM ? end + 4 : end;
  }
  throw new KafkaCodecError('A record batch is damaged: its LZ4 does not end');
}

const fromZstd = promisify(zstdDecompress);

const READERS: Array<[CompressionTypes, Codec['decompress']]> = [
  [CompressionTypes.Snappy, async packed => fromSnappy(packed)],
  [CompressionTypes.LZ4, async packed => fromLz4(packed)],
  [
    CompressionTypes.ZSTD,
    packed => fromZstd(packed, { maxOutputLength: MAX_BYTES }),
  ],
];

async function compress(): Promise<never> {
  throw new KafkaCodecError('This codec is only read; write with gzip');
}

/** kafkajs knows gzip alone and stops at a batch in any other codec: with this it reads them all. */
export function registerCodecs(): void {
  const codecs: Partial<Record<CompressionTypes, () => Codec>> =
    CompressionCodecs;
  for (const [type, decompress] of READERS) {
    codecs[type] = () => ({ compress, decompress });
  }
}
