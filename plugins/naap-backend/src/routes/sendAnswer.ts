import type { Response } from 'express';

/** JSON of what the store answers with: the same question has the same lists until a sync. */
const texts = new WeakMap<object, string>();

function textOf(value: object): string {
  const text = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, text);
  return text;
}

/**
 * Answers with JSON. All but `meta` and plain values is made into text only once, so it must not change any more.
 */
export function sendAnswer<Answer extends object>(
  res: Response<Answer>,
  answer: Answer,
): void {
  const fields = Object.entries(answer).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isKept = typeof value === 'object' && value && name !== 'meta';
    return `${JSON.stringify(name)}:${
      isKept ? textOf(value) : JSON.stringify(value)
    }`;
  });
  // No ETag: how fresh the numbers are differs from answer to answer.
  res
    .setHeader('Content-Type', 'application/json; charset=utf-8')
    .end(`{${fields.join()}}`);
}
