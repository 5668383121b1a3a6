import type { ScrapeErrorClass } from '@naap/events';
import { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { selfSigned } from '../../simulator/certificate';
import { loopbackServers } from '../__fixtures__/servers';
import { checkUrl } from '../guard/gate';
import { gatePolicy } from '../guard/GatePolicy';
import type { Resolve } from '../guard/resolve';
import { Scraper } from '../Scraper';
import type { Target } from '../Target';
import { ProbeLimits } from './limits';

const servers = loopbackServers();
const ANY_PORT = gatePolicy({ ports: [[1, 65535]], allowPrivateTargets: true });
const MEBIBYTE = 1024 ** 2;
const VALID_FROM = Date.UTC(2026, 0, 1);
const VALID_TO = Date.UTC(2036, 0, 1);
const BOMB = gzipSync(Buffer.alloc(256 * MEBIBYTE, ' '));

/**
 * What takes longer has the class `timeout`, and without limits a test would never end. The servers that flood share
 * this process, and the machine may be busy: all others are far below them.
 */
const LIMITS: Partial<ProbeLimits> = {
  dnsMs: 1_000,
  connectMs: 5_000,
  tlsMs: 2_000,
  firstByteMs: 3_000,
  totalMs: 5_000,
};

const noNames: Resolve = async () => [];

async function scrape(
  urls: string[],
  { resolve = noNames, policy = ANY_PORT, limits = LIMITS } = {},
) {
  const scraper = new Scraper({ limits, resolve, policy });
  const targets = urls.map(
    (url): Target => ({ url, kind: 'orchestrator', origins: ['file'] }),
  );
  const messages = await scraper.round({
    start: 0,
    targets,
    spreadMs: 0,
    signal: new AbortController().signal,
  });
  const scrapes = messages.flatMap(message =>
    message.type === 'orchestrator_scrape' ? [message.data] : [],
  );
  return { scrapes, metrics: scraper.metrics };
}

async function scrapeOne(url: string) {
  const { scrapes, metrics } = await scrape([url]);
  return { ...scrapes[0], metrics };
}

/** Writes the head of an answer at once, and then what it likes. */
const afterHead =
  (head: string, more: (socket: Socket) => void) => (socket: Socket) => {
    socket.once('data', () => {
      socket.write(`HTTP/1.1 ${head}\r\n\r\n`);
      more(socket);
    });
  };

/** Writes without end, as fast as it is read. */
function flood(socket: Socket, chunk: Buffer | string) {
  const write = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  write();
}

interface Hostile {
  is: string;
  does(socket: Socket): void;
  errorClass: ScrapeErrorClass | null;
  reachable: boolean;
}

const HOSTILE: Hostile[] = [
  {
    is: 'hangs before the head',
    does: () => {},
    errorClass: 'timeout',
    reachable: false,
  },
  {
    is: 'writes its body a byte at a time',
    does: afterHead('200 OK\r\ncontent-length: 100000', socket => {
      const timer = setInterval(() => socket.write(' '), 20);
      socket.once('close', () => clearInterval(timer));
    }),
    errorClass: 'timeout',
    reachable: true,
  },
  {
    is: 'writes its head a byte at a time',
    does: socket => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(timer));
    },
    errorClass: 'timeout',
    reachable: false,
  },
  {
    is: 'promises more than it sends',
    does: afterHead('200 OK\r\ncontent-length: 100', socket =>
      socket.end('[]'),
    ),
    errorClass: 'closed',
    reachable: true,
  },
  {
    is: 'promises less than it sends',
    does: afterHead('200 OK\r\ncontent-length: 5', socket =>
      socket.end('[{"runners":[]}]'),
    ),
    errorClass: 'bad_json',
    reachable: true,
  },
  {
    is: 'says that 10 GB come, and sends them',
    does: afterHead('200 OK\r\ncontent-length: 10000000000', socket =>
      flood(socket, Buffer.alloc(65_536, ' ')),
    ),
    errorClass: 'too_large',
    reachable: true,
  },
  {
    is: 'sends chunks without end',
    does: afterHead('200 OK\r\ntransfer-encoding: chunked', socket =>
      flood(socket, `10000\r\n${' '.repeat(65_536)}\r\n`),
    ),
    errorClass: 'too_large',
    reachable: true,
  },
  {
    is: 'sends a gzip bomb',
    does: afterHead('200 OK\r\ncontent-encoding: gzip', socket =>
      socket.end(BOMB),
    ),
    errorClass: 'too_large',
    reachable: true,
  },
  {
    is: 'calls plain text gzip',
    does: afterHead('200 OK\r\ncontent-encoding: gzip', socket =>
      socket.end('[]'),
    ),
    errorClass: 'bad_encoding',
    reachable: true,
  },
  {
    is: 'uses an encoding that nobody asked for',
    does: afterHead('200 OK\r\ncontent-encoding: br', socket =>
      socket.end('[]'),
    ),
    errorClass: 'bad_encoding',
    reachable: true,
  },
  {
    is: 'sends headers without end',
    does: socket => {
      socket.write('HTTP/1.1 200 OK\r\n');
      flood(socket, 'x-more: and more\r\n'.repeat(100));
    },
    errorClass: 'too_large',
    reachable: false,
  },
  {
    is: 'says "wait" without end',
    does: socket =>
      flood(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)),
    errorClass: 'bad_http',
    reachable: false,
  },
  {
    is: 'redirects',
    does: afterHead(
      '302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0',
      () => {},
    ),
    errorClass: 'redirect',
    reachable: true,
  },
  {
    is: 'speaks something else than HTTP',
    does: socket => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'),
    errorClass: 'bad_http',
    reachable: false,
  },
  {
    is: 'closes its half at once',
    does: socket => socket.end(),
    errorClass: 'closed',
    reachable: false,
  },
  {
    is: 'resets',
    does: socket => socket.once('data', () => socket.resetAndDestroy()),
    errorClass: 'closed',
    reachable: false,
  },
  {
    is: 'answers what is no JSON',
    does: afterHead('200 OK\r\ncontent-length: 6', socket =>
      socket.write('<html>'),
    ),
    errorClass: 'bad_json',
    reachable: true,
  },
  {
    is: 'answers JSON so deep that it could overflow',
    does: afterHead('200 OK\r\nconnection: close', socket =>
      socket.end('['.repeat(MEBIBYTE)),
    ),
    errorClass: 'bad_json',
    reachable: true,
  },
  {
    is: 'answers JSON of another shape',
    does: afterHead('200 OK\r\ncontent-length: 4', socket =>
      socket.write('null'),
    ),
    errorClass: 'bad_json',
    reachable: true,
  },
  {
    is: 'has no discovery: an older node',
    does: afterHead('404 Not Found\r\ncontent-length: 0', () => {}),
    errorClass: null,
    reachable: true,
  },
  {
    is: 'fails',
    does: afterHead('500 Oops\r\ncontent-length: 0', () => {}),
    errorClass: 'http_status',
    reachable: true,
  },
];

describe('a target that', () => {
  it.each(HOSTILE)(
    '$is has the class $errorClass',
    async ({ does, ...expected }) => {
      const port = await servers.raw(does);
      const { error_class: errorClass, reachable } = await scrapeOne(
        `http://127.0.0.1:${port}`,
      );
      expect({ errorClass, reachable }).toMatchObject({
        errorClass: expected.errorClass,
        reachable: expected.reachable,
      });
    },
  );

  it('sends too much is cut off at the cap', async () => {
    const port = await servers.raw(
      afterHead('200 OK', socket => flood(socket, Buffer.alloc(65_536, ' '))),
    );
    const { metrics } = await scrapeOne(`http://127.0.0.1:${port}`);
    expect(metrics.bytes).toBeLessThanOrEqual(MEBIBYTE);
  });

  it('refuses has the class connect_refused', async () => {
    const { error_class: errorClass } = await scrapeOne('http://127.0.0.1:1');
    expect(errorClass).toBe('connect_refused');
  });

  it('has no name has the class dns', async () => {
    const { scrapes } = await scrape(['http://orch.example:8935']);
    expect(scrapes[0].error_class).toBe('dns');
  });

  it('has a name server that hangs has the class dns', async () => {
    const resolve = () => new Promise<string[]>(() => {});
    const { scrapes } = await scrape(['http://orch.example'], { resolve });
    expect(scrapes[0].error_class).toBe('dns');
  });
});

describe('TLS', () => {
  it('takes any certificate and says what it is', async () => {
    const port = await servers.https(
      (_request, response) => response.end('[]'),
      selfSigned('127.0.0.1', VALID_FROM, VALID_TO),
    );
    const {
      tls,
      latency_ms: latency,
      ...found
    } = await scrapeOne(`https://127.0.0.1:${port}`);
    expect(found).toMatchObject({ reachable: true, error_class: null });
    expect(tls).toEqual({
      self_signed: true,
      name_matches: true,
      valid_from: VALID_FROM,
      valid_to: VALID_TO,
    });
    expect(latency.tls).toBeGreaterThan(0);
    expect(latency.dns).toBeNull();
  });

  it('says when the name does not match', async () => {
    const port = await servers.https(
      (_request, response) => response.end('[]'),
      selfSigned('other.example', VALID_FROM, VALID_TO),
    );
    const { tls } = await scrapeOne(`https://127.0.0.1:${port}`);
    expect(tls).toMatchObject({ name_matches: false });
  });

  it.each<[string, (socket: Socket) => void, ScrapeErrorClass]>([
    ['is broken', socket => socket.end('no TLS here\r\n\r\n'), 'tls'],
    ['hangs', () => {}, 'timeout'],
    ['is half closed', socket => socket.end(), 'closed'],
  ])('that %s has its class', async (_, does, expected) => {
    const port = await servers.raw(does);
    const { error_class: errorClass, tls } = await scrapeOne(
      `https://127.0.0.1:${port}`,
    );
    expect(errorClass).toBe(expected);
    expect(tls).toBeNull();
  });
});

describe('a name that changes its address', () => {
  it('is asked at the address that was checked, also when it connects again', async () => {
    let connections = 0;
    const port = await servers.http((request, response) => {
      connections++;
      response.setHeader('connection', 'close');
      response.end(request.url === '/health' ? '{"status":"OK"}' : '{}');
    }, '127.0.0.9');
    const trap = jest.fn();
    await servers.raw(trap, '127.0.0.10');
    const answers = [['127.0.0.9'], ['127.0.0.10']];
    const resolve = jest.fn(async () => answers.shift() ?? []);
    const scraper = new Scraper({ limits: LIMITS, resolve, policy: ANY_PORT });
    const [message] = await scraper.round({
      start: 0,
      targets: [
        {
          url: `http://orch.example:${port}`,
          kind: 'runner',
          origins: ['file'],
        },
      ],
      spreadMs: 0,
      signal: new AbortController().signal,
    });
    expect(message.data).toMatchObject({ reachable: true, health: 'OK' });
    // One more asks first whether it wants to be asked.
    expect(connections).toBe(5);
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(trap).not.toHaveBeenCalled();
  });

  it('is refused when it is private, or private among others', async () => {
    const answers: Record<string, string[]> = {
      'first.example': ['127.0.0.1'],
      'mixed.example': ['93.184.215.14', '10.0.0.1'],
      'mapped.example': ['::ffff:127.0.0.1'],
    };
    const { scrapes, metrics } = await scrape(
      Object.keys(answers).map(name => `http://${name}`),
      { resolve: async name => answers[name], policy: gatePolicy() },
    );
    expect(scrapes.map(found => [found.error_class, found.refusal])).toEqual([
      ['refused_address', 'loopback'],
      ['refused_address', 'private'],
      ['refused_address', 'ipv4Mapped'],
    ]);
    expect(metrics.refusals).toEqual({
      loopback: 1,
      private: 1,
      ipv4Mapped: 1,
    });
  });
});

it('hostile targets cost only themselves: an honest one among them is found', async () => {
  const honest = await servers.http(
    (_request, response) => response.end('[]'),
    '127.0.0.2',
  );
  const ports = await Promise.all(
    HOSTILE.map(({ does }, i) => servers.raw(does, `127.0.1.${i + 1}`)),
  );
  const hostile = ports.map((port, i) => `http://127.0.1.${i + 1}:${port}`);
  const { scrapes } = await scrape([...hostile, `http://127.0.0.2:${honest}`]);
  expect(scrapes.map(found => found.error_class)).toEqual([
    ...HOSTILE.map(({ errorClass }) => errorClass),
    null,
  ]);
});

it('the gate takes the URLs of these tests only as they are for development', () => {
  expect(checkUrl('http://127.0.0.1:8935', gatePolicy())).toEqual({
    refused: 'refused_address',
    reason: 'loopback',
  });
});
