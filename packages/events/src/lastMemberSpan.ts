import { Span } from './memberSpan';

function lastNonBlank(text: string, before: number): number {
  let at = before - 1;
  while (text.charCodeAt(at) <= 0x20) at--;
  return at;
}

function firstNonBlank(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/**
 * The span of the member `name` in the usual message, in which it is the last
 * member and the only object or array; found without reading its value.
 *
 * Why this is sound: in text without a backslash every quoted name is a token
 * of its own, so one that occurs once is the member itself. A text that ends in
 * two closing brackets ends with a member that holds an object or an array, and
 * `message` (the last of equal names, as in JSON.parse) has only one such.
 *
 * @param text - the JSON text that was parsed to `message`
 * @returns null when that does not hold: ask memberSpan
 */
export function lastMemberSpan(
  text: string,
  message: Record<string, unknown>,
  name: string,
): Span | null {
  if (!isNested(message[name]) || text.includes('\\')) return null;
  for (const other in message) {
    if (other !== name && isNested(message[other])) return null;
  }
  const token = `"${name}"`;
  const at = text.indexOf(token);
  if (text.indexOf(token, at + 1) >= 0) return null;
  const end = lastNonBlank(text, lastNonBlank(text, text.length)) + 1;
  const last = text[end - 1];
  if (last !== '}' && last !== ']') return null;
  const colon = firstNonBlank(text, at + token.length);
  const start = firstNonBlank(text, colon + 1);
  const before = text.slice(0, start);
  return {
    start,
    end,
    asciiBefore: Buffer.byteLength(before) === before.length,
  };
}
