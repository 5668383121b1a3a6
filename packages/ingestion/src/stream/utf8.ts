/** The byte order marks of UTF-16, and what it is called. */
const MARKS = [
  { mark: Buffer.from([0xff, 0xfe]), encoding: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), encoding: 'utf-16be' },
];
const MARK_BYTES = 2;

/** The bytes of an input in UTF-8, if its byte order mark says that they are UTF-16; else as they are. */
export async function* utf8(
  input: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;
  for await (const chunk of input) {
    let bytes: Buffer = chunk;
    if (head) {
      bytes = head.length > 0 ? Buffer.concat([head, chunk]) : chunk;
      head = bytes.length < MARK_BYTES ? bytes : null;
      if (head) continue;
      const start = bytes.subarray(0, MARK_BYTES);
      const found = MARKS.find(({ mark }) => mark.equals(start));
      if (found) decoder = new TextDecoder(found.encoding);
    }
    if (decoder) {
      const text = decoder.decode(bytes, { stream: true });
      if (text) yield Buffer.from(text);
    } else {
      yield bytes;
    }
  }
  if (head?.length) yield head;
  const rest = decoder?.decode();
  if (rest) yield Buffer.from(rest);
}
