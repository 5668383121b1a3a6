import { useApi } from '@backstage/frontend-plugin-api';
import { Run, RunLogLine } from '@naap/plugin-naap-common';
import { useEffect, useRef, useState } from 'react';
import { naapApiRef } from '../api/naapApi';
import { useKnowRun } from './queries';
import { appendLines, backOff } from './logLines';
import { isOver } from './runs';

// Lines come faster than they can be read or drawn.
const DRAW_MS = 100;

export interface RunLogState {
  lines: readonly RunLogLine[];
  /** `live`: lines come as they are written; `broken`: the connection is tried again; `ended`: there are no more. */
  connection: 'connecting' | 'live' | 'broken' | 'ended';
  error: Error | null;
}

const EMPTY: RunLogState = { lines: [], connection: 'connecting', error: null };

/**
 * The log of a run as it is written. A connection that breaks is made again from the last line seen, with more patience
 * every time; a refusal is final.
 */
export function useRunLog(id: string): RunLogState {
  const api = useApi(naapApiRef);
  const know = useRef(useKnowRun());
  const [state, setState] = useState(EMPTY);

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    let waiting: RunLogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seq = 0;
    let failures = 0;
    let ended = false;

    const show = (change: Partial<RunLogState>) => {
      clearTimeout(timer);
      timer = undefined;
      const more = waiting;
      waiting = [];
      setState(before => ({
        ...before,
        ...change,
        lines: appendLines(before.lines, more),
      }));
    };
    const listener = {
      onLine: (line: RunLogLine) => {
        failures = 0;
        seq = Math.max(seq, line.seq);
        waiting.push(line);
        timer ??= setTimeout(() => show({ connection: 'live' }), DRAW_MS);
      },
      onRun: (run: Run) => {
        failures = 0;
        ended = isOver(run);
        know.current(run);
        show({ connection: 'live', error: null });
      },
    };
    const follow = async () => {
      while (!signal.aborted) {
        let error: Error | null = null;
        try {
          await api.followRun(id, listener, { after: seq, signal });
        } catch (caught) {
          error = caught as Error;
        }
        if (signal.aborted) {
          return;
        }
        if ((ended && !error) || isRefusal(error)) {
          show({ connection: 'ended', error });
          return;
        }
        failures += 1;
        show({ connection: 'broken', error });
        await wait(backOff(failures), signal);
      }
    };

    setState(EMPTY);
    follow();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [api, id]);

  return state;
}

function isRefusal(error: Error | null): boolean {
  const status = error && 'statusCode' in error ? Number(error.statusCode) : 0;
  return status >= 400 && status < 500 && status !== 429;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
