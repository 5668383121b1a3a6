const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

function isBlank(byte: number): boolean {
  return (
    byte === SPACE ||
    byte === NEWLINE ||
    byte === CARRIAGE_RETURN ||
    byte === TAB
  );
}

/** Where the first byte from `from` on is that is no blank, or the length. */
export function firstNonBlank(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

export function withoutBlanksBefore(bytes: Buffer): Buffer {
  return bytes.subarray(firstNonBlank(bytes, 0));
}

export function withoutBlanksAfter(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isBlank(bytes[end - 1])) end--;
  return bytes.subarray(0, end);
}
