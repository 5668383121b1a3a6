import type { ScrapeErrorClass } from '@naap/events';
import type { Dispatcher } from 'undici';
import { ProbeError } from '../ProbeError';
import { decodeBody } from './decode';
import type { ProbeLimits } from './limits';

/** More "wait a moment" than this before an answer is no honest server. */
const MAX_INFORMATIONAL = 8;

/** What became of one question. */
export interface HttpAnswer {
  /** Null: no head of an answer came. */
  status: number | null;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of a 2xx that came whole. */
  body: string | null;
  errorClass: ScrapeErrorClass | null;
  /** Of a refused address: its range. */
  refusal: string | null;
  /** Milliseconds from the request sent to the head of the answer. */
  firstByteMs: number | null;
  /** Of the body, on the wire. */
  bytes: number;
}

/** Takes the answer to one question as it comes, within the limits. */
export class AnswerReader implements Dispatcher.DispatchHandler {
  readonly answer: HttpAnswer = {
    status: null,
    headers: {},
    body: null,
    errorClass: null,
    refusal: null,
    firstByteMs: null,
    bytes: 0,
  };

  /** Resolves when the body is whole, or when nobody wants it. */
  readonly finished: Promise<void>;
  readonly #chunks: Buffer[] = [];
  #encoding: string | null = null;
  #informational = 0;
  #sentAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #resolve!: () => void;
  #reject!: (error: Error) => void;

  constructor(private readonly limits: ProbeLimits) {
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The body of a 2xx, decompressed; null for a status that has none for us. */
  async text(): Promise<string | null> {
    const { status } = this.answer;
    return status !== null && status < 300
      ? decodeBody(
          Buffer.concat(this.#chunks),
          this.#encoding,
          this.limits.bodyBytes,
        )
      : null;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#sentAt = performance.now();
    this.#timer = setTimeout(
      () => controller.abort(new ProbeError('timeout')),
      this.limits.firstByteMs,
    );
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) {
      if (++this.#informational > MAX_INFORMATIONAL) {
        controller.abort(new ProbeError('bad_http'));
      }
      return;
    }
    clearTimeout(this.#timer);
    this.answer.status = status;
    this.answer.headers = headers;
    this.answer.firstByteMs = performance.now() - this.#sentAt;
    this.#encoding =
      headers['content-encoding']?.toString().toLowerCase() ?? null;
    if (status >= 300) {
      this.#resolve();
      controller.abort(new ProbeError('http_status'));
    }
  }

  onResponseData(
    _controller: Dispatcher.DispatchController,
    chunk: Buffer,
  ): void {
    this.answer.bytes += chunk.length;
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#resolve();
  }

  onResponseError(
    _controller: Dispatcher.DispatchController,
    error: Error,
  ): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }
}
