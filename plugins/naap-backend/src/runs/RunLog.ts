import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { RunLogLevel, RunLogLine } from '@naap/plugin-naap-common';
import { setTimeout as delay } from 'node:timers/promises';

const MOST_LINES = 5_000;
const LONGEST_LINE = 2_000;
/** Lines that come within this time are written together. */
const BATCH_MS = 200;
/** SQLite takes so many values in one statement. */
const BATCH_LINES = 200;

/**
 * The log of one run. Lines are taken at once and written in batches, so that the step never waits for the database;
 * lines after the 5,000th are counted and left out, and so is what is over 2,000 characters in a line.
 */
export class RunLog {
  readonly #lines: RunLogLine[] = [];
  #seq = 0;
  #leftOut = 0;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly write: (lines: RunLogLine[]) => Promise<void>,
    private readonly logger: LoggerService,
    private readonly batchMs: number = BATCH_MS,
  ) {}

  line(level: RunLogLevel, message: string): void {
    if (this.#seq >= MOST_LINES) {
      this.#leftOut++;
      return;
    }
    this.#add(level, message);
  }

  /** Writes what is left; takes no more lines after that. */
  async close(): Promise<void> {
    if (this.#leftOut > 0) {
      this.#add('warn', `… ${this.#leftOut} lines left out`);
    }
    await this.#writing;
    await this.#flush();
  }

  #add(level: RunLogLevel, message: string): void {
    this.#lines.push({
      seq: ++this.#seq,
      at: new Date().toISOString(),
      level,
      message: shortened(message),
    });
    this.#writing ??= delay(this.batchMs).then(() => this.#flush());
  }

  /** What can't be written now stays, and is written with what comes next. */
  async #flush(): Promise<void> {
    try {
      while (this.#lines.length > 0) {
        const batch = this.#lines.slice(0, BATCH_LINES);
        await this.write(batch);
        this.#lines.splice(0, batch.length);
      }
    } catch (error) {
      this.logger.warn(
        `${
          this.#lines.length
        } lines of a run's log can't be written now: ${error}`,
      );
    }
    this.#writing = undefined;
  }
}

/** A logger whose lines go to the log of a run and to the portal's. */
export function runLogger(portal: LoggerService, log: RunLog): LoggerService {
  const both =
    (level: RunLogLevel): LoggerService['info'] =>
    (message, meta) => {
      log.line(
        level,
        meta instanceof Error ? `${message}: ${stringifyError(meta)}` : message,
      );
      portal[level](message, meta);
    };
  return {
    debug: both('debug'),
    info: both('info'),
    warn: both('warn'),
    error: both('error'),
    child: meta => runLogger(portal.child(meta), log),
  };
}

/** PostgreSQL has no NUL in texts. */
function shortened(message: string): string {
  const text = message.replaceAll('\0', '');
  const over = text.length - LONGEST_LINE;
  return over > 0
    ? `${text.slice(0, LONGEST_LINE)}… ${over} characters left out`
    : text;
}
