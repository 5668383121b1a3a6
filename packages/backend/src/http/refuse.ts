import type { ServerResponse } from 'node:http';

/** Answers before any route is reached, in the shape of Backstage's errors. */
export function refuse(
  res: ServerResponse,
  status: number,
  name: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify({
    error: { name, message },
    response: { statusCode: status },
  });
  const more = { 'X-Content-Type-Options': 'nosniff', ...headers };
  for (const [key, value] of Object.entries(more)) res.setHeader(key, value);
  // What else comes of the body is not wanted.
  if (!res.req.complete) res.setHeader('Connection', 'close');
  res
    .writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    })
    .end(body);
}
