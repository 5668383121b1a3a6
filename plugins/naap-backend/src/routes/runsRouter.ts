import type {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  naapPipelineReadPermission,
  naapStepPermissions,
  Run,
  RunListAnswer,
  RunListQuery,
  RunLogAnswer,
  StepArguments,
  StepId,
} from '@naap/plugin-naap-common';
import { translated } from '@naap/plugin-naap-node';
import { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { type Access, nameOf } from '../access';
import type { RunNews, RunService } from '../runs';
import type { PageParams } from './query';
import { drained, sendAnswer } from './sendAnswer';

/** How long a stream may be silent: proxies cut what seems dead. */
const SILENCE_MS = 15_000;

/** Runs: asking for them, looking at them, following, cancelling and repeating them. */
export function createRunsRouter(options: {
  access: Access;
  httpAuth: HttpAuthService;
  runs: RunService;
}): Router {
  const { access, httpAuth, runs } = options;
  const router = PromiseRouter();

  const mayRead = async (req: unknown) =>
    access.require(
      naapPipelineReadPermission,
      await httpAuth.credentials(req as Request),
    );

  /** What changes a run: needs the permission of its step. */
  const change = (
    eventId: string,
    act: (id: string, by: string) => Promise<Run>,
  ) =>
    async function handle(req: Request<{ id: string }>, res: Response<Run>) {
      const { id } = req.params;
      const run = await access.audited(
        { eventId, request: req as unknown as Request, meta: { run: id } },
        async () => {
          const credentials: BackstageCredentials = await httpAuth.credentials(
            req as unknown as Request,
          );
          const { step } = await runs.get(id);
          await access.require(naapStepPermissions[step], credentials);
          return act(id, nameOf(credentials));
        },
      );
      res.status(202).json(run);
    };

  router.post<'/runs', {}, Run, { step: StepId; arguments?: StepArguments }>(
    '/runs',
    async (req, res) => {
      const { step, arguments: args = {} } = req.body;
      const run = await access.audited(
        {
          eventId: 'run-start',
          request: req,
          meta: { step, arguments: { ...args } },
        },
        async () => {
          const credentials = await httpAuth.credentials(req);
          await access.require(naapStepPermissions[step], credentials);
          return runs.start({
            step,
            arguments: args,
            trigger: 'manual',
            startedBy: nameOf(credentials),
          });
        },
      );
      res.status(202).json(run);
    },
  );

  router.get<
    '/runs',
    {},
    RunListAnswer,
    never,
    RunListQuery & { limit: number; offset: number }
  >('/runs', async (req, res) => {
    await mayRead(req);
    await sendAnswer(res, await translated(runs.list(req.query)));
  });

  router.get<'/runs/:id', { id: string }, Run>(
    '/runs/:id',
    async (req, res) => {
      await mayRead(req);
      res.json(await runs.get(req.params.id));
    },
  );

  router.get<
    '/runs/:id/log',
    { id: string },
    RunLogAnswer,
    never,
    PageParams & { after: number }
  >('/runs/:id/log', async (req, res) => {
    await mayRead(req);
    await sendAnswer(res, await translated(runs.log(req.params.id, req.query)));
  });

  router.get<
    '/runs/:id/stream',
    { id: string },
    string,
    never,
    { after: number }
  >('/runs/:id/stream', async (req, res) => {
    await mayRead(req);
    const { id } = req.params;
    await runs.get(id);
    // What an EventSource sends when it connects again.
    const seen = Number(req.headers['last-event-id']) || 0;
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    await sendEvents(
      res,
      runs.follow(id, {
        after: Math.max(seen, req.query.after),
        signal: gone.signal,
      }),
    );
  });

  router.post('/runs/:id/cancel', change('run-cancel', runs.cancel.bind(runs)));
  router.post('/runs/:id/retry', change('run-retry', runs.retry.bind(runs)));

  return router;
}

/** Server-sent events: `log` with the number of the line as id, `run` when its state changes. */
async function sendEvents(
  res: Response<string>,
  news: AsyncGenerator<RunNews>,
): Promise<void> {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    // Backstage compresses answers, and a compressor waits for more.
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  res.flushHeaders();
  let spokeAt = Date.now();
  for await (const { line, run } of news) {
    let text = '';
    if (line) {
      text = `event: log\nid: ${line.seq}\ndata: ${JSON.stringify(line)}\n\n`;
    } else if (run) {
      text = `event: run\ndata: ${JSON.stringify(run)}\n\n`;
    } else if (Date.now() - spokeAt >= SILENCE_MS) {
      text = ':\n\n';
    }
    if (text) {
      if (!res.write(text)) await drained(res);
      spokeAt = Date.now();
    }
  }
  res.end();
}
