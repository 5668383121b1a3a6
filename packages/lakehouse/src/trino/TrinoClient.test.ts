import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { TrinoSettings } from '../TrinoSettings';
import { FakeTrino, failure, lastPage, page } from './__testUtils__/FakeTrino';
import type { TrinoValue } from './literals';
import { TrinoClient, type TrinoProgress } from './TrinoClient';
import { TrinoError } from './TrinoError';

const N = [{ name: 'n', type: 'bigint' }];
const USER = { user: 'naap', catalog: 'lake' };

const running: FakeTrino[] = [];
const clients: TrinoClient[] = [];
async function fakeOf(tls?: { key: string; cert: string }) {
  const fake = new FakeTrino(tls);
  running.push(fake);
  return { fake, url: await fake.listen() };
}
function clientOf(settings: TrinoSettings) {
  const client = new TrinoClient(settings);
  clients.push(client);
  return client;
}
async function open() {
  const { fake, url } = await fakeOf();
  return { fake, client: clientOf({ url, ...USER }) };
}
afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.close()));
  await Promise.all(running.splice(0).map(fake => fake.close()));
});

const failureOf = (work: Promise<unknown>): Promise<TrinoError> =>
  work.then(
    () => {
      throw new Error('it should have failed');
    },
    error => error,
  );

describe('an answer', () => {
  it('comes from all pages, also from those that have no rows', async () => {
    const { fake, client } = await open();
    fake.answers(
      page(),
      page({ columns: N }),
      page({ columns: N, data: [[1], [2]] }),
      page(),
      lastPage({ columns: N, data: [[3]] }),
    );
    expect(await client.all('SELECT n FROM t')).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ]);
    const [first] = fake.asked;
    expect(first).toMatchObject({
      method: 'POST',
      path: '/v1/statement',
      body: 'SELECT n FROM t',
      headers: {
        'x-trino-user': 'naap',
        'x-trino-catalog': 'lake',
        'x-trino-source': 'naap',
      },
    });
    expect(first.headers).not.toHaveProperty('authorization');
    expect(fake.lines.slice(1)).toEqual([
      'GET /next/1',
      'GET /next/2',
      'GET /next/3',
      'GET /next/4',
    ]);
  });

  it('has every value as it is', async () => {
    const { fake, client } = await open();
    const types = ['bigint', 'decimal(38,2)', 'double', 'varbinary', 'varchar'];
    const columns = types.map(type => ({ name: type, type }));
    const body = `{"id":"q","columns":${JSON.stringify(columns)},"data":[
      [9223372036854775807,"12345678901234567890.12",1.5,"AP8=","9223372036854775807"],
      [-9007199254740992,"0.10","NaN",null,"é"],
      [9007199254740991,null,1.2345678901234567E19,"","__proto__"]
    ]}`;
    fake.answers({ body });
    const rows = await client.all<Record<string, unknown>>('SELECT');
    expect(rows.map(row => types.map(type => row[type]))).toEqual([
      [
        2n ** 63n - 1n,
        '12345678901234567890.12',
        1.5,
        Uint8Array.of(0, 255),
        '9223372036854775807',
      ],
      [-(2n ** 53n), '0.10', NaN, null, 'é'],
      [2 ** 53 - 1, null, 12345678901234567000, new Uint8Array(), '__proto__'],
    ]);
  });

  it('is followed by whoever listens, with the id of the query from the first on', async () => {
    const { fake, client } = await open();
    const stats = {
      state: 'RUNNING',
      progressPercentage: 40,
      processedRows: 7,
    };
    fake.answers(page(), page({ stats }), lastPage());
    const told: TrinoProgress[] = [];
    await client.all('SELECT', [], { onProgress: one => told.push(one) });
    const queryId = '20260109_100000_00001_naap';
    expect(told).toHaveLength(3);
    expect(told[0]).toMatchObject({ queryId, state: 'QUEUED', percent: null });
    expect(told[1]).toMatchObject({ state: 'RUNNING', percent: 40, rows: 7 });
  });

  it('is taken page by page, and the query is ended where no more is taken', async () => {
    const { fake, client } = await open();
    fake.answers(
      page({ columns: N, data: [[1], [2]] }),
      page({ columns: N, data: [[3]] }),
    );
    for await (const { n } of client.rows<{ n: number }>('SELECT')) {
      expect(fake.lines).toHaveLength(n < 3 ? 1 : 2);
      if (n === 3) break;
    }
    expect(fake.lines.slice(2)).toEqual(['DELETE /next/2']);
  });

  it('is too large with more rows than are kept at once, or with a page that is too long', async () => {
    const { fake, client } = await open();
    const data = Array.from({ length: 100_001 }, () => [1]);
    fake.answers(page({ columns: N, data }));
    const rows = await failureOf(client.all('SELECT'));
    expect(rows).toMatchObject({ name: 'TrinoError', kind: 'too large' });
    expect(fake.lines).toEqual(['POST /v1/statement', 'DELETE /next/1']);
    fake.answers(page(), { body: ' '.repeat(65 * 1024 * 1024) });
    const long = await failureOf(client.all('SELECT'));
    expect(long).toMatchObject({ name: 'TrinoError', kind: 'too large' });
    expect(fake.lines.at(-1)).toBe('DELETE /next/3');
  });
});

describe('a query that is not waited for any more', () => {
  it('is ended on the server when it is aborted, and fails with the reason', async () => {
    const { fake, client } = await open();
    fake.answers(page(), 'nothing');
    const abort = new AbortController();
    const reason = new Error('nobody looks');
    const onProgress = () => setTimeout(() => abort.abort(reason), 50);
    await expect(
      client.all('SELECT', [], { signal: abort.signal, onProgress }),
    ).rejects.toBe(reason);
    expect(fake.lines).toEqual([
      'POST /v1/statement',
      'GET /next/1',
      'DELETE /next/1',
    ]);
  });

  it('is never asked where it was aborted before', async () => {
    const { fake, client } = await open();
    const signal = AbortSignal.abort(new Error('before'));
    await expect(client.all('SELECT', [], { signal })).rejects.toThrow(
      'before',
    );
    expect(fake.lines).toEqual([]);
  });

  it('is ended on the server when its time is over', async () => {
    const { fake, client } = await open();
    fake.answers(page(), 'nothing');
    const error = await failureOf(client.all('SELECT', [], { timeoutMs: 300 }));
    expect(error).toMatchObject({ name: 'TrinoError', kind: 'timeout' });
    expect(fake.lines.at(-1)).toBe('DELETE /next/1');
  });

  it('is ended on the server when the client is closed, also while nobody takes its rows', async () => {
    const { fake, client } = await open();
    fake.answers(page({ columns: N, data: [[1]] }), page(), 'nothing');
    const idle = client.rows('SELECT');
    await idle.next();
    const waiting = failureOf(client.all('SELECT'));
    while (fake.lines.length < 3) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    await client.close();
    expect(await waiting).toMatchObject({ kind: 'closed' });
    expect(fake.lines.slice(3).sort()).toEqual(
      expect.arrayContaining(['DELETE /next/1', 'DELETE /next/2']),
    );
    expect(await failureOf(idle.next())).toMatchObject({ kind: 'closed' });
  });
});

describe('what went wrong', () => {
  it.each([
    ['USER_ERROR', 'TABLE_NOT_FOUND', 'request'],
    ['USER_ERROR', 'PERMISSION_DENIED', 'refused'],
    ['INSUFFICIENT_RESOURCES', 'EXCEEDED_LOCAL_MEMORY_LIMIT', 'resources'],
    ['INTERNAL_ERROR', 'GENERIC_INTERNAL_ERROR', 'engine'],
  ])('%s %s has its kind and is not asked again', async (type, code, kind) => {
    const { fake, client } = await open();
    fake.answers(page(), failure(type, code));
    const error = await failureOf(client.all('SELECT'));
    expect(error).toBeInstanceOf(TrinoError);
    expect(error).toMatchObject({
      kind,
      code,
      queryId: '20260109_100000_00001_naap',
      message: `it is ${code} (query 20260109_100000_00001_naap)`,
    });
    expect(fake.lines).toEqual(['POST /v1/statement', 'GET /next/1']);
  });

  it.each([
    ['EXTERNAL', 'ICEBERG_FILESYSTEM_ERROR'],
    ['INTERNAL_ERROR', 'NO_NODES_AVAILABLE'],
    ['INSUFFICIENT_RESOURCES', 'QUERY_QUEUE_FULL'],
  ])('%s %s goes by: it is asked again', async (type, code) => {
    const { fake, client } = await open();
    fake.answers(
      page(),
      failure(type, code),
      lastPage({ columns: N, data: [[1]] }),
    );
    expect(await client.all('SELECT')).toEqual([{ n: 1 }]);
    expect(fake.lines[2]).toBe('POST /v1/statement');
  });

  it('is not asked again once rows were given', async () => {
    const { fake, client } = await open();
    const lost = failure('EXTERNAL', 'ICEBERG_FILESYSTEM_ERROR');
    fake.answers(page({ columns: N, data: [[1]] }), lost);
    expect(await failureOf(client.all('SELECT'))).toMatchObject({
      kind: 'source',
    });
    expect(fake.lines).toHaveLength(2);
  });

  it('is asked again from the start where a server that was started again knows nothing of it', async () => {
    const { fake, client } = await open();
    fake.answers(
      page(),
      { status: 404, body: 'Query not found' },
      lastPage({ columns: N, data: [[1]] }),
    );
    expect(await client.all('SELECT')).toEqual([{ n: 1 }]);
  });

  it('of the network or of a server that is busy asks for the same page again', async () => {
    const { fake, client } = await open();
    fake.answers(
      { status: 503, body: 'starting' },
      page(),
      'cut',
      { status: 502, body: '<html>' },
      lastPage({ columns: N, data: [[1]] }),
    );
    expect(await client.all('SELECT')).toEqual([{ n: 1 }]);
    expect(fake.lines).toEqual([
      'POST /v1/statement',
      'POST /v1/statement',
      'GET /next/2',
      'GET /next/2',
      'GET /next/2',
    ]);
  });

  it.each([
    [401, 'refused'],
    [403, 'refused'],
    [400, 'request'],
    [500, 'engine'],
  ])('by status %d is of the kind %s', async (status, kind) => {
    const { fake, client } = await open();
    fake.answers({ status, body: 'no' });
    const error = await failureOf(client.all('SELECT'));
    expect(error).toMatchObject({ name: 'TrinoError', kind });
    expect(fake.lines).toHaveLength(1);
  });

  it('is that nobody is there, or somebody else', async () => {
    const gone = await fakeOf();
    await running.pop()!.close();
    const nobody = clientOf({ url: gone.url, ...USER });
    expect(await failureOf(nobody.all('SELECT'))).toMatchObject({
      kind: 'unreachable',
    });
    const { fake, client } = await open();
    fake.answers(...Array(4).fill({ body: '<html>It works!</html>' }));
    const error = await failureOf(client.all('SELECT'));
    expect(error).toMatchObject({ kind: 'unreachable' });
    expect(error.message).toContain('It works!');
  });
});

describe('credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'naap-trino-'));
  const [key, ca] = [join(folder, 'key.pem'), join(folder, 'ca.pem')];
  beforeAll(() => {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
        ...['-subj', '/CN=trino', '-addext', 'subjectAltName=IP:127.0.0.1'],
        ...['-keyout', key, '-out', ca],
      ],
      { stdio: 'ignore' },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const openTls = () =>
    fakeOf({ key: readFileSync(key, 'utf8'), cert: readFileSync(ca, 'utf8') });

  it.each([
    [{ password: 'let me in' }, `Basic ${btoa('naap:let me in')}`],
    [{ accessToken: 'abc.def' }, 'Bearer abc.def'],
  ])('%p go with each request, by TLS', async (secret, authorization) => {
    const { fake, url } = await openTls();
    const client = clientOf({ url, ca, ...USER, ...secret });
    fake.answers(page(), page({ columns: N, data: [[1]] }));
    await client.rows('SELECT').next();
    await client.close();
    expect(fake.lines).toHaveLength(3);
    for (const { headers } of fake.asked) {
      expect(headers).toMatchObject({ authorization, 'x-trino-user': 'naap' });
    }
  });

  it('go by TLS only, to who is trusted', async () => {
    const secret = { password: 'let me in' };
    expect(() =>
      clientOf({ url: 'http://trino:8080', ...USER, ...secret }),
    ).toThrow('by https only');
    const { fake, url } = await openTls();
    const stranger = clientOf({ url, ...USER, ...secret });
    const error = await failureOf(stranger.all('SELECT'));
    expect(error).toMatchObject({ kind: 'unreachable' });
    expect(fake.asked).toEqual([]);
  });

  it('go to no other server that an answer points to', async () => {
    const { fake, client } = await open();
    const other = await fakeOf();
    fake.answers({ body: { id: 'q', nextUri: `${other.url}/next/1` } });
    const error = await failureOf(client.all('SELECT'));
    expect(error).toMatchObject({ kind: 'unreachable', queryId: 'q' });
    expect(other.fake.asked).toEqual([]);
  });

  it('are in no error', async () => {
    const { fake, url } = await openTls();
    const client = clientOf({ url, ca, ...USER, password: 'let me in' });
    fake.answers({ status: 500, body: 'no' });
    const error = await failureOf(client.all('SELECT'));
    const said = inspect(error, { depth: 20, showHidden: true });
    expect(said).not.toContain('let me in');
    expect(said).not.toContain(btoa('naap:let me in'));
  });
});

/** A Trino, as JSON: `naap.trino`. */
const given = process.env.NAAP_TEST_TRINO;

const testReal = (settings: TrinoSettings) =>
  describe('a real Trino', () => {
    it.each<[TrinoValue, string, unknown]>([
      ["'); SELECT 1 --", 'varchar', "'); SELECT 1 --"],
      ['a\\\'"\n\t\u0000?;/* é 🎥', 'varchar', 'a\\\'"\n\t\u0000?;/* é 🎥'],
      ["' OR '1'='1", 'varchar', "' OR '1'='1"],
      ["U&'\\0041'", 'varchar', "U&'\\0041'"],
      [null, 'varchar', null],
      [-7, 'bigint', -7],
      [2n ** 63n - 1n, 'bigint', 2n ** 63n - 1n],
      [-(2n ** 63n), 'bigint', -(2n ** 63n)],
      [2 ** 53, 'double', 2 ** 53],
      [0.1, 'double', 0.1],
      [1e300, 'double', 1e300],
      [-Infinity, 'double', -Infinity],
      [NaN, 'double', NaN],
      [true, 'boolean', true],
      [Uint8Array.of(0, 39, 255), 'varbinary', Uint8Array.of(0, 39, 255)],
      [
        new Date('2026-01-09T10:00:00.002Z'),
        'timestamp(3) with time zone',
        '2026-01-09 10:00:00.002 UTC',
      ],
    ])('takes %p as data, and gives it back', async (value, type, back) => {
      const client = clientOf(settings);
      const sql = `SELECT CAST(? AS ${type}) AS v, '?' AS kept`;
      expect(await client.all(sql, [value])).toEqual([{ v: back, kept: '?' }]);
    });

    it('gives decimals exactly, and whole numbers in arrays too', async () => {
      const client = clientOf(settings);
      const sql = `SELECT DECIMAL '12345678901234567890.10' AS d, ARRAY[BIGINT '9223372036854775807', 1] AS a`;
      expect(await client.all(sql)).toEqual([
        { d: '12345678901234567890.10', a: [2n ** 63n - 1n, 1] },
      ]);
    });

    it('ends what nobody takes the rows of', async () => {
      const client = clientOf(settings);
      const many = `SELECT a.x FROM UNNEST(sequence(1, 10000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 10000)) AS b (y)`;
      let queryId = '';
      for await (const row of client.rows<{ x: number }>(many, [], {
        onProgress: progress => {
          queryId = progress.queryId;
        },
      })) {
        if (row) break;
      }
      const states = await client.all(
        'SELECT state, error_code FROM system.runtime.queries WHERE query_id = ?',
        [queryId],
      );
      expect(states).toEqual([
        { state: 'FAILED', error_code: 'USER_CANCELED' },
      ]);
    });

    it('says what is wrong with a question', async () => {
      const client = clientOf(settings);
      const wrong = (sql: string) => failureOf(client.all(sql));
      expect(await wrong('SELEKT 1')).toMatchObject({
        kind: 'request',
        code: 'SYNTAX_ERROR',
      });
      expect(await wrong('SELECT * FROM nowhere.at_all')).toMatchObject({
        kind: 'request',
        code: 'SCHEMA_NOT_FOUND',
      });
    });
  });

if (given) testReal(JSON.parse(given));
