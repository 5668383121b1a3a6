/**
 * The most characters (code points) of a text that is used as a name: an id, a gateway, a stream, a request, a model,
 * a pipeline, an address, a URL, a GPU. A longer one counts as empty (kpis.md, section 1).
 */
export const MAX_NAME_CHARACTERS = 512;

/** Whether a text has more characters than a name may. Reads no more of it than a name may have. */
export function isOverlong(text: string): boolean {
  if (text.length <= MAX_NAME_CHARACTERS) return false;
  // A character has two UTF-16 units at most.
  if (text.length > 2 * MAX_NAME_CHARACTERS) return true;
  return [...text].length > MAX_NAME_CHARACTERS;
}

/** Whether a value is a name, and none that counts as empty. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !isOverlong(value);
}

export function nameOrNull(value: unknown): string | null {
  return isName(value) ? value : null;
}

const SLASH = 0x2f;

/** A text without the slashes at its end. Linear, as `replace(/\/+$/, '')` is not. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SLASH) end--;
  return text.slice(0, end);
}
