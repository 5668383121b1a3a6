import { createHash } from 'node:crypto';

interface Frame {
  /** The names of an object, sorted; null for an array. */
  names: string[] | null;
  values: unknown[];
  next: number;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Sorted by UTF-8 byte; UTF-16 units are in another order beyond U+FFFF. */
function bytewise(names: string[]): string[] {
  return names.some(name => SURROGATE.test(name))
    ? names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : names.sort();
}

/** A JSON scalar; half of a surrogate pair is U+FFFD. */
function scalar(value: unknown): string {
  return JSON.stringify(
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}

function open(value: object): Frame {
  if (Array.isArray(value)) return { names: null, values: value, next: 0 };
  const members = value as Record<string, unknown>;
  const names = bytewise(Object.keys(members));
  return { names, values: names.map(name => members[name]), next: 0 };
}

/**
 * JSON text of a parsed JSON value with the names of every object sorted
 * bytewise in UTF-8, no blanks and only necessary escapes. Keeps its own stack: nesting as deep as a message
 * is long does not overflow.
 */
export function canonicalJson(root: unknown): string {
  const parts: string[] = [];
  const stack: Frame[] = [];
  const write = (value: unknown) => {
    if (typeof value === 'object' && value !== null) {
      const frame = open(value);
      parts.push(frame.names ? '{' : '[');
      stack.push(frame);
    } else {
      parts.push(scalar(value));
    }
  };

  write(root);
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const { names, values } = frame;
    if (frame.next === values.length) {
      parts.push(names ? '}' : ']');
      stack.pop();
      continue;
    }
    const index = frame.next++;
    if (index > 0) parts.push(',');
    if (names) parts.push(scalar(names[index]), ':');
    write(values[index]);
  }
  return parts.join('');
}

/** The identity of a message without an id: equal content, equal identity. */
export function contentIdentity(message: object): string {
  const hash = createHash('sha256').update(canonicalJson(message));
  return `sha256:${hash.digest('hex')}`;
}
