import { noCounts, piecesOf } from '@naap/ingestion';
import { once } from 'node:events';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { RunningPortal } from './RunningPortal';
import { nothingSent, sendPieces } from './sendPieces';

const LINES = Array.from({ length: 100 }, (_, i) => `{"id":${i}}\n`);
const LENGTH = LINES.join('').length;
const PIECE_BYTES = 100;

interface Request {
  key: string;
  body: string;
  headers: IncomingMessage['headers'];
}

describe('sendPieces', () => {
  let server: Server;
  let requests: Request[];
  /** What happens to a request; by default its lines are accepted. */
  let answer: (request: Request, res: ServerResponse) => void;

  const taken = ({ body }: Request, more: object = {}) => {
    const read = body.split('\n').length - 1;
    return JSON.stringify({ ...noCounts(), read, accepted: read, ...more });
  };
  const refuse = (res: ServerResponse, status: number, headers = {}) =>
    res
      .writeHead(status, headers)
      .end(JSON.stringify({ error: { message: 'not now' } }));

  async function start() {
    requests = [];
    answer = (request, res) => res.end(taken(request));
    server = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      const { headers } = req;
      const key = String(headers['idempotency-key']);
      requests.push({ key, body, headers });
      answer(requests[requests.length - 1], res);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  }

  /** Sends LINES with short pauses between tries. */
  function send(options: { signal?: AbortSignal } = {}) {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const portal = new RunningPortal({ url, token: 't' });
    const sent = nothingSent();
    const input = Readable.from(LINES.map(line => Buffer.from(line)));
    const pieces = piecesOf(input, { bytes: PIECE_BYTES });
    const pausesMs = [1, 1, 1];
    const done = sendPieces(portal, pieces, sent, { ...options, pausesMs });
    return { sent, done };
  }

  beforeEach(start);
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends whole messages in pieces and adds the answers up', async () => {
    const { sent, done } = send();
    await done;
    expect(sent).toEqual({
      counts: { ...noCounts(), read: 100, accepted: 100 },
      bytes: LENGTH,
      uncertain: 0,
    });
    expect(requests.map(({ body }) => body).join('')).toBe(LINES.join(''));
    expect(requests.length).toBeGreaterThan(5);
    expect(new Set(requests.map(({ key }) => key)).size).toBe(requests.length);
    expect(requests[0].headers).toMatchObject({
      'content-encoding': 'identity',
    });
  });

  it.each<[string, (res: ServerResponse) => void]>([
    ['breaks off', res => res.destroy()],
    ['is too slow', res => refuse(res, 408)],
    ['is still read', res => refuse(res, 409)],
    ['is one too many', res => refuse(res, 429, { 'retry-after': '0' })],
    ['finds a full disk', res => refuse(res, 503)],
  ])('sends a piece that %s again under the same key', async (_, fail) => {
    answer = (request, res) => {
      if (requests.length === 3 || requests.length === 4) fail(res);
      else res.end(taken(request, { resumed: requests.length === 5 ? 4 : 0 }));
    };
    const { sent, done } = send();
    await done;
    expect(sent.counts).toMatchObject({ read: 100, accepted: 100 });
    expect(sent.uncertain).toBe(0);
    expect(requests[3].key).toBe(requests[2].key);
    expect(requests[4].key).toBe(requests[2].key);
    expect(requests[4].body).toBe(requests[2].body);
    expect(requests[5].key).not.toBe(requests[2].key);
  });

  it('says what may be counted twice when the portal forgot the first try', async () => {
    answer = (request, res) => {
      if (requests.length === 1) res.destroy();
      else if (requests.length === 2) {
        res.end(taken(request, { accepted: 0, duplicate: 10 }));
      } else res.end(taken(request));
    };
    const { sent, done } = send();
    await done;
    expect(sent.uncertain).toBe(10);
  });

  it.each([
    { what: 'after some tries', status: 503, tries: 4 },
    { what: 'at once where trying does not help', status: 401, tries: 1 },
  ])('gives up $what, and knows how far it got', async ({ status, tries }) => {
    answer = (request, res) => {
      if (requests.length > 2) refuse(res, status);
      else res.end(taken(request));
    };
    const { sent, done } = send();
    await expect(done).rejects.toThrow(`answered ${status}: not now`);
    expect(requests).toHaveLength(2 + tries);
    const whole = `${requests[0].body}${requests[1].body}`;
    expect(sent.bytes).toBe(whole.length);
    expect(sent.counts.read).toBe(whole.split('\n').length - 1);
  });

  it('ends when it is stopped, and knows how far it got', async () => {
    const stopping = new AbortController();
    answer = (request, res) => {
      if (requests.length > 2) stopping.abort();
      else res.end(taken(request));
    };
    const { sent, done } = send({ signal: stopping.signal });
    await expect(done).rejects.toThrow('aborted');
    expect(requests).toHaveLength(3);
    expect(sent.counts.read).toBeGreaterThan(0);
  });
});
