import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  BasicAuth,
  type ConnectionOptions,
  type QueryResult,
  Trino,
} from 'trino-client';
import type { TrinoSettings } from '../TrinoSettings';
import { statementOf, type TrinoValue } from './literals';
import {
  isPassing,
  queryError,
  TrinoError,
  type TrinoErrorKind,
} from './TrinoError';
import { parseAnswer, rowsOf } from './values';

/** From the question to the last row. */
const QUERY_TIMEOUT_MS = 10 * 60_000;
/** Of one request: Trino answers after a second, with or without rows. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Nobody waits long for a query to be ended. */
const CANCEL_TIMEOUT_MS = 5_000;
/** A page is a megabyte, unless its rows are longer. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_ROWS_AT_ONCE = 100_000;
/** Before a request, or a query, is done again. */
const WAITS_MS = [100, 500, 2_000];
/** What an overloaded or starting server, or a proxy before it, answers: nothing was done yet. */
const BUSY_STATUSES = [429, 502, 503, 504];

/** How far a query is. */
export interface TrinoProgress {
  queryId: string;
  /** `QUEUED`, `PLANNING`, `RUNNING`, `FINISHED`, `FAILED`, … */
  state: string;
  /** 0 to 100; null as long as it is not known. */
  percent: number | null;
  /** What was read so far. */
  rows: number;
  bytes: number;
  elapsedMs: number;
}

export interface TrinoQueryOptions {
  /** Ends the query, on the server too. */
  signal?: AbortSignal;
  /** From the question to the last row; ten minutes by default. */
  timeoutMs?: number;
  /** Told with each answer of the server; the first has the id of the query. */
  onProgress?: (progress: TrinoProgress) => void;
}

/** What the library takes for a request of its own, and the settings of axios beside it. */
interface HttpRequest {
  method?: 'POST' | 'DELETE';
  url: string;
  data?: string;
}
interface Http {
  request<T>(
    request: HttpRequest & {
      signal: AbortSignal;
      timeout: number;
      maxContentLength: number;
      maxRedirects: number;
      proxy: false;
      responseType: 'text';
      transformResponse: ((text: string) => string)[];
    },
  ): Promise<T>;
}

/**
 * Asks Trino. Statements only read: one that failed is asked again where that may help, as long as no row was given.
 *
 * Values are given as they are: whole numbers beyond 2^53 as `bigint`, decimals and times as Trino's text, `varbinary` as bytes. What
 * is in an array, map or row is as Trino writes it in JSON.
 */
export class TrinoClient {
  readonly #closing = new AbortController();
  /** Queries whose rows are not all taken. */
  readonly #running = new Set<{ nextUri?: string }>();
  #http: Promise<Http> | undefined;

  constructor(private readonly settings: TrinoSettings) {
    const { url, password, accessToken } = settings;
    const isSecret = password !== undefined || accessToken !== undefined;
    if (isSecret && new URL(url).protocol !== 'https:') {
      throw new TrinoError(
        'refused',
        `a password or token goes to Trino by https only, not to ${url}`,
      );
    }
  }

  /**
   * The rows of an answer, page by page: no more than one page is in memory. Who takes no more of them ends the query.
   *
   * @param sql - with `?` for each parameter
   * @throws TrinoError; the reason of `signal` when it aborts
   */
  async *rows<Row>(
    sql: string,
    params: readonly TrinoValue[] = [],
    {
      signal,
      timeoutMs = QUERY_TIMEOUT_MS,
      onProgress,
    }: TrinoQueryOptions = {},
  ): AsyncGenerator<Row, void, undefined> {
    const text = statementOf(sql, params);
    const timeout = AbortSignal.timeout(timeoutMs);
    const ends = [this.#closing.signal, timeout];
    const end = AbortSignal.any(signal ? [signal, ...ends] : ends);
    let isGiven = false;
    for (let attempt = 0; ; attempt++) {
      try {
        for await (const page of this.#pages<Row>(text, end, onProgress)) {
          isGiven ||= page.length > 0;
          yield* page;
        }
        return;
      } catch (error) {
        const again = !isGiven && isPassing(error) && attempt < WAITS_MS.length;
        if (!end.aborted && !again) throw error;
        await delay(WAITS_MS[attempt], undefined, { signal: end }).catch(() => {
          if (end.reason !== timeout.reason) throw end.reason;
          throw new TrinoError(
            'timeout',
            `Trino had no whole answer after ${timeoutMs / 1000} s`,
          );
        });
      }
    }
  }

  /** All rows at once, of an answer that is known to be short: of more than 100,000 rows it fails. */
  async all<Row>(
    sql: string,
    params: readonly TrinoValue[] = [],
    options: TrinoQueryOptions = {},
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const row of this.rows<Row>(sql, params, options)) {
      if (rows.push(row) > MAX_ROWS_AT_ONCE) {
        throw new TrinoError(
          'too large',
          `the answer has more than ${MAX_ROWS_AT_ONCE} rows`,
        );
      }
    }
    return rows;
  }

  /** Ends all queries that run. */
  async close(): Promise<void> {
    this.#closing.abort(new TrinoError('closed', 'the client was closed'));
    await Promise.all([...this.#running].map(query => this.#cancel(query)));
  }

  async *#pages<Row>(
    text: string,
    signal: AbortSignal,
    onProgress?: (progress: TrinoProgress) => void,
  ): AsyncGenerator<Row[]> {
    // Until it is asked for the first time it does not run, so that one whose answer got lost is none.
    let answer = await this.#ask(
      { method: 'POST', url: '/v1/statement', data: text },
      signal,
    );
    const query: { nextUri?: string } = {};
    this.#running.add(query);
    try {
      for (;;) {
        query.nextUri = this.#own(answer);
        onProgress?.(progressOf(answer));
        if (answer.error) throw queryError(answer.error, answer.id);
        if (answer.data) yield rowsOf<Row>(answer.columns!, answer.data);
        if (!query.nextUri) return;
        answer = await this.#ask({ url: query.nextUri }, signal);
      }
    } finally {
      this.#running.delete(query);
      await this.#cancel(query);
    }
  }

  /** Where the next page is, if there is one. Credentials go to the server that is configured, wherever an answer points. */
  #own({ nextUri, id: queryId }: QueryResult): string | undefined {
    const { origin } = new URL(this.settings.url);
    if (!nextUri || new URL(nextUri).origin === origin) return nextUri;
    throw new TrinoError(
      'unreachable',
      `Trino at ${origin} points to ${nextUri}: behind a proxy it needs http-server.process-forwarded=true`,
      { queryId },
    );
  }

  /** Ends a query that is not at its end. Where that can't be said, Trino gives it up as nobody asks for its rows. */
  async #cancel({ nextUri }: { nextUri?: string }): Promise<void> {
    if (!nextUri) return;
    const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
    await this.#request({ method: 'DELETE', url: nextUri }, signal).catch(
      () => {},
    );
  }

  /** A request that may be done any number of times: a page is the same until the next one is asked for. */
  async #ask(request: HttpRequest, signal: AbortSignal): Promise<QueryResult> {
    for (const waitMs of WAITS_MS) {
      try {
        return parsed(await this.#request(request, signal));
      } catch (error) {
        const { kind } = error as TrinoError;
        if (signal.aborted || kind !== 'unreachable') throw error;
        await delay(waitMs, undefined, { signal });
      }
    }
    return parsed(await this.#request(request, signal));
  }

  async #request(request: HttpRequest, signal: AbortSignal): Promise<string> {
    this.#http ??= connect(this.settings).catch(error => {
      this.#http = undefined;
      throw error;
    });
    const http = await this.#http;
    try {
      return await http.request<string>({
        timeout: REQUEST_TIMEOUT_MS,
        maxContentLength: MAX_PAGE_BYTES,
        maxRedirects: 0,
        proxy: false,
        // Parsed here, exactly.
        responseType: 'text',
        transformResponse: [text => text],
        ...request,
        signal,
      });
    } catch (error) {
      throw requestError(error as HttpError, this.settings.url);
    }
  }
}

async function connect({
  url,
  user,
  password,
  accessToken,
  ca,
  catalog,
}: TrinoSettings): Promise<Http> {
  const options: ConnectionOptions = {
    server: url,
    source: 'naap',
    catalog,
    ssl: ca ? { ca: await readFile(ca) } : {},
    extraHeaders: {
      'X-Trino-User': user,
      ...(accessToken && { Authorization: `Bearer ${accessToken}` }),
    },
  };
  const library = Trino.create(
    password === undefined
      ? options
      : { ...options, auth: new BasicAuth(user, password) },
  );
  // Its iterator can neither be ended nor bounded, is silent until there are rows, and rounds numbers. Pages are asked for by what is
  // beneath it, with its headers, credentials and TLS; it exports neither that class nor a way to it (0.2.9).
  const { client } = library as unknown as { client: Http };
  return client;
}

function progressOf({ id, stats }: QueryResult): TrinoProgress {
  return {
    queryId: id,
    state: stats?.state ?? 'QUEUED',
    percent: stats?.progressPercentage ?? null,
    rows: stats?.processedRows ?? 0,
    bytes: stats?.processedBytes ?? 0,
    elapsedMs: stats?.elapsedTimeMillis ?? 0,
  };
}

function parsed(text: string): QueryResult {
  try {
    return parseAnswer(text) as QueryResult;
  } catch {
    throw new TrinoError(
      'unreachable',
      `what answers is no Trino: ${text.slice(0, 200)}`,
    );
  }
}

interface HttpError {
  code?: string;
  message: string;
  response?: { status: number; data: unknown };
}

/** Without the error itself, which has the request with its credentials. */
function requestError(
  { code, message, response }: HttpError,
  url: string,
): TrinoError {
  if (!response || message.includes('maxContentLength')) {
    return message.includes('maxContentLength')
      ? new TrinoError('too large', `a page of the answer is too long`)
      : new TrinoError(
          'unreachable',
          `Trino at ${url} can't be reached: ${message || code}`,
        );
  }
  const { status, data } = response;
  return new TrinoError(
    kindOf(status),
    `Trino at ${url} answers ${status}: ${String(data).slice(0, 200)}`,
  );
}

function kindOf(status: number): TrinoErrorKind {
  if (BUSY_STATUSES.includes(status)) return 'unreachable';
  if (status === 401 || status === 403) return 'refused';
  if (status === 404 || status === 410) return 'lost';
  return status < 500 ? 'request' : 'engine';
}
