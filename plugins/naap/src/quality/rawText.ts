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
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
  const decode = (fatal: boolean) =>
    new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(bytes);
  let text: string;
  let utf8 = true;
  try {
    text = decode(true);
  } catch {
    text = decode(false);
    utf8 = false;
  }
  return { text: visible(text), size: bytes.length, utf8 };
}

function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, char =>
    char === '\n' || char === '\t'
      ? char
      : `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}
