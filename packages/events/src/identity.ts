import { createHash } from 'node:crypto';

interface Frame {
  value: Record<string, unknown>;
  names: string[];
  next: number;
  isArray: boolean;
}

function open(value: object): Frame {
  const isArray = Array.isArray(value);
  const names = Object.keys(value);
  return {
    value: value as Record<string, unknown>,
    names: isArray ? names : names.sort(),
    next: 0,
    isArray,
  };
}

/**
 * JSON text of a parsed JSON value with the names of every object sorted (by
 * UTF-16 unit) and no blanks. Keeps its own stack: nesting as deep as a message
 * is long does not overflow.
 */
export function canonicalJson(root: unknown): string {
  if (typeof root !== 'object' || root === null) return JSON.stringify(root);
  const parts: string[] = [];
  const stack = [open(root)];
  parts.push(stack[0].isArray ? '[' : '{');
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (frame.next === frame.names.length) {
      parts.push(frame.isArray ? ']' : '}');
      stack.pop();
      continue;
    }
    if (frame.next > 0) parts.push(',');
    const name = frame.names[frame.next++];
    if (!frame.isArray) parts.push(JSON.stringify(name), ':');
    const value = frame.value[name];
    if (typeof value === 'object' && value !== null) {
      const inner = open(value);
      parts.push(inner.isArray ? '[' : '{');
      stack.push(inner);
    } else {
      parts.push(JSON.stringify(value));
    }
  }
  return parts.join('');
}

/** The identity of a message without an id: equal content, equal identity. */
export function contentIdentity(message: object): string {
  const hash = createHash('sha256').update(canonicalJson(message));
  return `sha256:${hash.digest('hex')}`;
}
