import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { delimiter } from 'node:path';
import { pythonExecutable, pythonPath } from './python';

const STDERR_TAIL_CHARACTERS = 4000;

/** A progress message of an op: a text and whatever fields the op adds. */
export interface LakeProgress {
  message: string;
  [field: string]: unknown;
}

export interface LakeCallOptions {
  onProgress?: (progress: LakeProgress) => void;
  /** Ends the worker when it aborts; every op can be cut off at any point and called again. */
  signal?: AbortSignal;
}

/** An op that failed, or a worker that died. */
export class LakeWorkerError extends Error {
  readonly name = 'LakeWorkerError';

  /**
   * @param kind - name of the exception in Python, or what became of the worker
   */
  constructor(readonly kind: string, message: string) {
    super(message);
  }
}

type Reply =
  | ({ id: number; event: 'progress' } & LakeProgress)
  | { id: number; event: 'result'; result: unknown }
  | { id: number; event: 'error'; error: { name: string; message: string } };

type Worker = ChildProcessWithoutNullStreams;

interface RunningCall {
  id: number;
  child: Worker;
  onProgress?: (progress: LakeProgress) => void;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * The Python worker of `packages/lakehouse/python`: started at the first call, kept warm, started again after it died.
 * Calls run one after another, in the order in which they came.
 */
export class LakeWorker {
  #child: Worker | undefined;
  #running: RunningCall | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #calls = 0;

  /**
   * Runs an op of `naap_lake.ops`.
   *
   * @throws LakeWorkerError; the reason of `signal` when it aborts
   */
  call<R>(op: string, args: object, options?: LakeCallOptions): Promise<R> {
    const result = this.#queue.then(() => this.#run(op, args, options ?? {}));
    this.#queue = result.catch(() => {});
    return result as Promise<R>;
  }

  /** Ends the worker; a running call is rejected. The next call would start it again. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const closed = once(child, 'close');
    this.#end(
      child,
      new LakeWorkerError('WorkerStopped', 'The lake worker was stopped.'),
    );
    await closed;
  }

  async #run(
    op: string,
    args: object,
    { onProgress, signal }: LakeCallOptions,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const child = (this.#child ??= this.#start());
    const id = ++this.#calls;
    const abort = () => this.#end(child, signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#running = { id, child, onProgress, resolve, reject };
        child.stdin.write(`${JSON.stringify({ id, op, args })}\n`);
      });
    } finally {
      this.#running = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  #start(): Worker {
    const python = pythonExecutable();
    const path = [pythonPath(), process.env.PYTHONPATH].filter(Boolean);
    const child = spawn(python, ['-m', 'naap_lake'], {
      env: { ...process.env, PYTHONPATH: path.join(delimiter) },
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_TAIL_CHARACTERS);
    });
    createInterface({ input: child.stdout }).on('line', line =>
      this.#onReply(child, JSON.parse(line)),
    );
    // A write to a dead worker; why it died comes with 'close'.
    child.stdin.on('error', () => {});
    child.on('error', error =>
      this.#end(
        child,
        new LakeWorkerError(
          'WorkerNotStarted',
          `Cannot start Python at ${python}: ${error.message}. Run ./naap doctor, or set NAAP_PYTHON.`,
        ),
      ),
    );
    child.on('close', (code, killer) => {
      const how = killer ?? `exit code ${code}`;
      const lastWords = stderr && ` Its last words:\n${stderr.trim()}`;
      this.#end(
        child,
        new LakeWorkerError(
          'WorkerCrashed',
          `The lake worker died (${how}).${lastWords}`,
        ),
      );
    });
    return child;
  }

  #onReply(child: Worker, reply: Reply): void {
    const call = this.#running;
    if (call?.child !== child || call.id !== reply.id) return;
    if (reply.event === 'progress') {
      const { id, event, ...progress } = reply;
      call.onProgress?.(progress);
    } else if (reply.event === 'result') {
      call.resolve(reply.result);
    } else {
      call.reject(new LakeWorkerError(reply.error.name, reply.error.message));
    }
  }

  /** Rejects what runs on a worker and makes sure that neither it nor a later call goes on there. */
  #end(child: Worker, error: unknown): void {
    if (this.#child === child) this.#child = undefined;
    if (this.#running?.child === child) this.#running.reject(error);
    child.kill('SIGKILL');
  }
}
