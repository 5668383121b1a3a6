import { compress } from 'snappyjs';
import { fromLz4, fromSnappy, KafkaCodecError } from './codecs';

const text = Buffer.from(
  Array.from({ length: 20_000 }, (_, i) => `{"n":${i * 7919}}`).join('\n'),
);

/** As the Java client writes it. */
function blocksOf(bytes: Buffer, size: number): Buffer {
  const parts = ['\x82SNAPPY\0\0\0\0\x01\0\0\0\x01'];
  for (let at = 0; at < bytes.length; at += size) {
    const block = compress(bytes.subarray(at, at + size));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length.toString('latin1'), block.toString('latin1'));
  }
  return Buffer.from(parts.join(''), 'latin1');
}

/** 40 lines by the program `lz4`, with flags of the frame. */
const FRAMES = {
  'a frame': 'BCJNGGRApxMAAACPeyJuIjoxfQoIAP8hUCI6MX0KAAAAAJKRdRk=',
  'checksums of blocks':
    'BCJNGHRAvRMAAACPeyJuIjoxfQoIAP8hUCI6MX0KuFu/2QAAAACSkXUZ',
  'blocks that refer to those before, and the size of all':
    'BCJNGGxAQAEAAAAAAAAvEwAAAI97Im4iOjF9CggA/yFQIjoxfQoAAAAAkpF1GQ==',
};

describe('codecs', () => {
  it('read Snappy in blocks and bare', () => {
    expect(fromSnappy(blocksOf(text, 32 * 1024)).equals(text)).toBe(true);
    expect(fromSnappy(compress(text)).equals(text)).toBe(true);
  });

  it.each(Object.entries(FRAMES))('read LZ4: %s', (_, frame) => {
    const bytes = fromLz4(Buffer.from(frame, 'base64'));
    expect(bytes.toString()).toBe('{"n":1}\n'.repeat(40));
  });

  it('unpack nothing that says it is huge', () => {
    const huge = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0]);
    expect(() => fromSnappy(huge)).toThrow('too big');
    const frame = Buffer.from(FRAMES['a frame'], 'base64');
    // It has the size of all now, which is what comes next.
    frame[4] |= 0x08;
    expect(() => fromLz4(frame)).toThrow(KafkaCodecError);
  });

  it('say when LZ4 is cut off', () => {
    const frame = Buffer.from(FRAMES['a frame'], 'base64');
    expect(() => fromLz4(frame.subarray(0, 20))).toThrow(KafkaCodecError);
  });
});
