import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { compress } from 'snappyjs';
import { fromSnappy, registerCodecs } from './codecs';

const text = Buffer.from(
  Array.from({ length: 20_000 }, (_, i) => `{"n":${i * 7919}}`).join('\n'),
);

/** As the Java client writes it. */
function blocksOf(bytes: Buffer, size: number): Buffer {
  const parts = [Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1')];
  for (let at = 0; at < bytes.length; at += size) {
    const block = compress(bytes.subarray(at, at + size));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

describe('codecs', () => {
  it.each([
    CompressionTypes.Snappy,
    CompressionTypes.LZ4,
    CompressionTypes.ZSTD,
  ])('give back the bytes of codec %i', async type => {
    registerCodecs();
    const codec = CompressionCodecs[type]();
    for (const bytes of [text, Buffer.alloc(0), Buffer.from('a')]) {
      const packed = await codec.compress({ buffer: bytes });
      const unpacked: Buffer = await codec.decompress(packed);
      expect(unpacked.equals(bytes)).toBe(true);
    }
  });

  it('read Snappy in blocks', () => {
    expect(fromSnappy(blocksOf(text, 32 * 1024)).equals(text)).toBe(true);
  });

  it('unpack nothing that says it is huge', () => {
    const huge = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0]);
    expect(() => fromSnappy(huge)).toThrow('too big');
  });
});
