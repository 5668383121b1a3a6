import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import {
  compress as lz4Compress,
  decompress as lz4Decompress,
  decompressBound,
} from 'lz4js';
import { compress as snappyCompress, uncompress } from 'snappyjs';

/** Most bytes that come out of one record batch: what is packed comes from anybody. */
const MAX_BYTES = 256 * 1024 * 1024;

/** What the Java client writes before its blocks of Snappy: a magic text and two versions. Others write one bare block. */
const XERIAL_MAGIC = Buffer.from('\x82SNAPPY\0', 'latin1');
const XERIAL_HEADER_BYTES = 16;

/** A record batch can't be unpacked. */
export class KafkaCodecError extends Error {
  readonly name = 'KafkaCodecError';
}

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

function tooLarge(): KafkaCodecError {
  return new KafkaCodecError(
    `A record batch is more than ${MAX_BYTES} bytes unpacked`,
  );
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

function fromLz4(packed: Buffer): Buffer {
  const bound = decompressBound(packed);
  if (bound > MAX_BYTES) throw tooLarge();
  return Buffer.from(lz4Decompress(packed, bound));
}

const toZstd = promisify(zstdCompress);
const fromZstd = promisify(zstdDecompress);

const CODECS: Array<[CompressionTypes, Codec]> = [
  [
    CompressionTypes.Snappy,
    {
      compress: async ({ buffer }) => snappyCompress(buffer),
      decompress: async packed => fromSnappy(packed),
    },
  ],
  [
    CompressionTypes.LZ4,
    {
      compress: async ({ buffer }) => Buffer.from(lz4Compress(buffer)),
      decompress: async packed => fromLz4(packed),
    },
  ],
  [
    CompressionTypes.ZSTD,
    {
      compress: ({ buffer }) => toZstd(buffer),
      decompress: packed => fromZstd(packed, { maxOutputLength: MAX_BYTES }),
    },
  ],
];

/** kafkajs knows gzip alone and stops at a batch in any other codec: with this it reads, and writes, them all. */
export function registerCodecs(): void {
  for (const [type, codec] of CODECS) CompressionCodecs[type] = () => codec;
}
