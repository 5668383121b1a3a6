/** A message of the quarantine, as far as it can be shown. */
export interface RawText {
  text: string;
  /** Its size in bytes. */
  size: number;
  /** False when the bytes are no UTF-8: then some are shown as �. */
  utf8: boolean;
}

/**
 * The bytes as text in which everything is seen: controls and marks that reorder or hide text are written as escapes,
 * but for line breaks and tabs.
 *
 * @throws DOMException for what is no base64.
 */
export function rawText(base64: string): RawText {
  const bytes = bytesOf(base64);
  const exact = decodeExactly(bytes);
  return {
    text: visible(exact ?? new TextDecoder().decode(bytes)),
    size: bytes.length,
    utf8: exact !== null,
  };
}

/** The message as it came in; null when it is no UTF-8. */
export function exactText(base64: string): string | null {
  return decodeExactly(bytesOf(base64));
}

/** The beginning of a message on one line, without decoding the rest of it. */
export function previewText(base64: string, length: number): string {
  // Four bytes at most make a character, and four characters of base64 three bytes.
  const head = bytesOf(base64.slice(0, 4 * Math.ceil((length * 4) / 3)));
  const text = new TextDecoder().decode(head, { stream: true });
  return visible(text.replace(/\s+/g, ' ').trim().slice(0, length));
}

/** Bytes that base64 stands for, without decoding it. */
export function rawSize(base64: string): number {
  const padding = base64.slice(-2).split('=').length - 1;
  return (base64.length / 4) * 3 - padding;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), char => char.charCodeAt(0));
}

function decodeExactly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    return null;
  }
}

function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, char =>
    char === '\n' || char === '\t'
      ? char
      : `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}
