import { once } from 'node:events';
import { createServer, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RunningPortal } from './RunningPortal';

const run = (state: string, more: object = {}) => ({
  id: 'r1',
  state,
  finishedAt: null,
  details: null,
  error: null,
  ...more,
});
const ended = { finishedAt: '2026-01-08T21:00:00.000Z' };

describe('runStep', () => {
  let server: Server;
  const asked: string[] = [];
  /** What each connection to the stream sends, and whether it breaks after that. */
  const streams: Array<{ send: Array<[string, object]>; breaks?: boolean }> =
    [];
  const shown: string[] = [];
  const listener = { update: (text: string) => void shown.push(text) };

  const stream = (res: ServerResponse) => {
    const { send, breaks } = streams.shift()!;
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [event, data] of send) {
      res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    if (breaks) setTimeout(() => res.destroy(), 50);
    else res.end();
  };

  async function start() {
    server = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      asked.push(`${req.method} ${req.url} ${body}`);
      if (req.url?.includes('/stream')) stream(res);
      else if (body.includes('"sync"')) {
        res.writeHead(400, { 'content-type': 'application/json' });
        const message = "'sync' knows no argument 'full'";
        res.end(
          JSON.stringify({
            error: { name: 'InputError', message },
            response: { statusCode: 400 },
          }),
        );
      } else res.writeHead(202).end(JSON.stringify(run('queued')));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    return new RunningPortal({ url, token: 't' });
  }

  beforeEach(() => {
    for (const list of [asked, streams, shown]) list.length = 0;
  });
  afterEach(() => server.close());

  it('shows the log, also after a broken connection, and answers what the step reports', async () => {
    const portal = await start();
    const line = (seq: number, message: string) =>
      ['log', { seq, message }] as [string, object];
    streams.push(
      {
        send: [['run', run('running')], line(1, 'kpi_hourly\u001b[2J 0.1 s')],
        breaks: true,
      },
      {
        send: [
          line(2, 'done'),
          ['run', run('succeeded', { ...ended, details: { rows: 7 } })],
        ],
      },
    );
    expect(await portal.runStep('build', { full: true }, listener)).toEqual({
      rows: 7,
    });
    expect(shown).toEqual(['build: kpi_hourly·[2J 0.1 s', 'build: done']);
    expect(asked).toEqual([
      expect.stringMatching(
        /^POST .*\/runs \{"step":"build","arguments":\{"full":true\}\}$/,
      ),
      expect.stringContaining('/runs/r1/stream?after=0'),
      expect.stringContaining('/runs/r1/stream?after=1'),
    ]);
  });

  it('fails with the reason of a run that did not end well, and of one that was refused', async () => {
    const portal = await start();
    const error = 'Cancelled by user:default/eve';
    streams.push({ send: [['run', run('cancelled', { ...ended, error })]] });
    await expect(portal.runStep('build', {}, listener)).rejects.toThrow(
      "run r1 of 'build' ended as cancelled: Cancelled by user:default/eve",
    );
    await expect(
      portal.runStep('sync', { full: true }, listener),
    ).rejects.toThrow("does not run 'sync': 'sync' knows no argument 'full'");
  });

  it('does not wait for a portal that is gone', async () => {
    const portal = await start();
    server.close();
    await once(server, 'close');
    await expect(portal.runStep('build', {}, listener)).rejects.toThrow(
      /does not run 'build'.*ECONNREFUSED/,
    );
  });
});
