import { Client } from 'undici';
import { Destination, originOf } from '../guard/gate';
import { ProbeError } from '../ProbeError';
import { AnswerReader, HttpAnswer } from './AnswerReader';
import type { Connector } from './Connector';
import { errorClassOf } from './errorClass';
import type { ProbeLimits } from './limits';

/** Asks one destination, one question after the other over one connection. Follows nothing. */
export class HttpProbe {
  readonly #client: Client;
  readonly #headers: Record<string, string>;

  constructor(
    private readonly to: Destination,
    readonly connector: Connector,
    private readonly limits: ProbeLimits,
    userAgent: string,
    private readonly signal: AbortSignal,
  ) {
    this.#headers = {
      accept: 'application/json, text/plain',
      'accept-encoding': 'gzip',
      'user-agent': userAgent,
    };
    this.#client = new Client(originOf(to), {
      connect: (_options, done) => {
        connector.open().then(
          socket => done(null, socket),
          error => done(error, null),
        );
      },
      maxHeaderSize: limits.headerBytes,
      maxResponseSize: limits.bodyBytes,
      // The times are ours.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Never fails: what went wrong is in the answer. */
  async get(path: string): Promise<HttpAnswer> {
    const reader = new AnswerReader(this.limits);
    const onAbort = () => this.close(this.signal.reason);
    if (this.signal.aborted) onAbort();
    this.signal.addEventListener('abort', onAbort);
    try {
      this.#client.dispatch(
        { method: 'GET', path: this.to.path + path, headers: this.#headers },
        reader,
      );
      await reader.finished;
      reader.answer.body = await reader.text();
    } catch (error) {
      reader.answer.errorClass = errorClassOf(error);
      if (error instanceof ProbeError) reader.answer.refusal = error.refusal;
    } finally {
      this.signal.removeEventListener('abort', onAbort);
    }
    return reader.answer;
  }

  get isClosed(): boolean {
    return this.#client.destroyed;
  }

  /** Lets the connection go, whatever is under way. */
  close(reason: Error | null = null): void {
    this.#client.destroy(reason, () => {});
  }
}
