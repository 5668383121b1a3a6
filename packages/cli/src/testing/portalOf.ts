import type { IngestAnswer } from '@naap/plugin-naap-common';
import { once } from 'node:events';
import { createServer, IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, json } from 'node:stream/consumers';
import type { Listener, Platform } from '../platform/Platform';

type Json = object;

interface StepRequest {
  step: string;
  arguments: { full?: boolean };
}

const STEPS = ['commit', 'build', 'sync', 'maintain', 'compare', 'replay'];

/**
 * The API of a portal, as far as the CLI asks it, on a platform in this
 * process: the portal itself is tested with the real command (`e2e`).
 */
export async function portalOf(platform: Platform, steps = STEPS) {
  const runs: Array<{ lines: string[]; run: Json }> = [];

  const events = async (request: IncomingMessage): Promise<IngestAnswer> => {
    const body = await buffer(request);
    const input = { name: 'body', open: () => Readable.from([body]) };
    const listener = { update() {}, done() {} };
    const { signal } = new AbortController();
    const { counts } = await platform.ingest([input], listener, signal);
    return { ...counts, nextOffset: counts.read };
  };

  const stepOf = async (
    { step, arguments: { full = false } }: StepRequest,
    listener: Listener,
  ): Promise<object> => {
    switch (step) {
      case 'build':
        return platform.build({ full }, listener);
      case 'sync':
        return platform.sync(listener);
      case 'maintain':
        return platform.maintain(listener);
      case 'compare':
        return { partitions: await platform.compare(listener) };
      case 'replay':
        return platform.replay({ all: full }, listener);
      default:
        // `commit`: what came in is in the lake.
        return {};
    }
  };

  /** Runs a step to its end before it answers. */
  const run = async (request: IncomingMessage) => {
    const asked = (await json(request)) as StepRequest;
    if (!steps.includes(asked.step)) {
      throw new Error(`No module brings the step '${asked.step}'`);
    }
    const lines: string[] = [];
    const details = await stepOf(asked, {
      update: text => lines.push(text),
      done: text => lines.push(text),
    });
    const id = String(runs.length);
    const finishedAt = new Date(0).toISOString();
    runs.push({ lines, run: { id, state: 'succeeded', finishedAt, details } });
    return { id };
  };

  const stream = (id: number) => {
    const { lines, run: ended } = runs[id];
    const messages = lines.map((message, at) => ({ seq: at + 1, message }));
    return [
      ...messages.map(line => `event: log\ndata: ${JSON.stringify(line)}\n\n`),
      `event: run\ndata: ${JSON.stringify(ended)}\n\n`,
    ].join('');
  };

  const answer = async (
    request: IncomingMessage,
    { pathname, searchParams }: URL,
  ): Promise<Json | string> => {
    const limit = Number(searchParams.get('limit')) || undefined;
    const cursor = searchParams.get('cursor') ?? undefined;
    const [what, id] = pathname.split('/v1/')[1].split('/');
    switch (what) {
      case 'events':
        return events(request);
      case 'steps':
        return { rows: steps.map(step => ({ id: step })) };
      case 'runs':
        return id === undefined ? run(request) : stream(Number(id));
      case 'kpis':
        return platform.kpis({ limit, cursor });
      case 'requests':
        return platform.requests({ limit, cursor });
      case 'availability':
        return platform.availability({ limit, cursor });
      case 'targets':
        return platform.targets({ limit, cursor });
      default:
        return platform.inventory({ limit, cursor });
    }
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://portal');
    const body = await answer(request, url);
    const isStream = typeof body === 'string';
    response
      .setHeader(
        'content-type',
        isStream ? 'text/event-stream' : 'application/json',
      )
      .end(isStream ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    record: { url: `http://127.0.0.1:${port}`, token: 't' },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
