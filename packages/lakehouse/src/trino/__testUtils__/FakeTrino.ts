import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What a server answers to one request. */
export type Answer =
  | {
      /** 200 by default. */
      status?: number;
      /** JSON, or a text as it is. */
      body: object | string;
      /** Of the query, whether there is a next page. */
      hasNext?: boolean;
    }
  /** The connection is cut. */
  | 'cut'
  /** It never comes. */
  | 'nothing';

export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const QUERY_ID = '20260109_100000_00001_naap';

export const page = (body: object = {}): Answer => ({ body, hasNext: true });
export const lastPage = (body: object = {}): Answer => ({ body });
export const failure = (errorType: string, errorName: string): Answer => ({
  body: { error: { message: `it is ${errorName}`, errorName, errorType } },
});

/** Speaks Trino's REST protocol by a list of answers: one to each request, but to those that end a query. */
export class FakeTrino {
  readonly asked: Asked[] = [];
  readonly #answers: Answer[] = [];
  readonly #server;

  constructor(tls?: { key: string; cert: string }) {
    const listener = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response);
    this.#server = tls
      ? createTlsServer(tls, listener)
      : createServer(listener);
  }

  /** @returns its URL */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this.url;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    const scheme = 'setSecureContext' in this.#server ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${port}`;
  }

  answers(...answers: Answer[]): void {
    this.#answers.push(...answers);
  }

  /** Those that were asked, as `POST /v1/statement`. */
  get lines(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    const { method = '', url: path = '', headers } = request;
    this.asked.push({ method, path, headers, body });
    if (method === 'DELETE') {
      response.writeHead(204).end();
      return;
    }
    const answer = this.#answers.shift() ?? 'nothing';
    if (answer === 'nothing') return;
    if (answer === 'cut') {
      request.socket.destroy();
      return;
    }
    const { status = 200, hasNext } = answer;
    response.writeHead(status, { 'content-type': 'application/json' });
    if (typeof answer.body === 'string') {
      response.end(answer.body);
      return;
    }
    const nextUri = hasNext && `${this.url}/next/${this.asked.length}`;
    response.end(
      JSON.stringify({
        id: QUERY_ID,
        ...(nextUri && { nextUri }),
        ...answer.body,
      }),
    );
  }
}
