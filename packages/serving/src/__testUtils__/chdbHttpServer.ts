import { createServer, type IncomingMessage } from 'http';
import { mkdtemp, rm, writeFile } from 'fs/promises';
import type { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { createGunzip } from 'zlib';
import { Session } from 'chdb';

/** Who may ask, by name. */
export type Users = Record<string, { password: string; mayWrite: boolean }>;

interface Options {
  host?: string;
  port?: number;
  /** Absent: anybody may do anything. */
  users?: Users;
  /** Statements that run before anybody is answered. */
  prepare?: string[];
}

const READS = /^\s*(SELECT|WITH|SHOW|DESCRIBE|EXISTS|EXPLAIN)\b/i;

/** An error of the code that a server has for it. */
function refused(code: number, message: string): Error {
  return new Error(`Code: ${code}. DB::Exception: ${message}`);
}

/**
 * Stands in for a ClickHouse server, which cannot be had in CI: the HTTP interface that `@clickhouse/client` uses, over
 * the same engine in process. Users are a list of passwords, and no quotas hold; one session, so statements run one
 * after the other.
 */
export async function startChdbHttpServer(
  path: string,
  { host = '127.0.0.1', port: wanted = 0, users, prepare = [] }: Options = {},
): Promise<{
  url: string;
  close: () => Promise<void>;
}> {
  const session = new Session(path);
  for (const statement of prepare) await session.queryAsync(statement);
  const temporary = await mkdtemp(join(tmpdir(), 'naap-chdb-http-'));
  let last: Promise<unknown> = Promise.resolve();
  let bodies = 0;

  async function readBody(request: IncomingMessage): Promise<Buffer> {
    const encoding = request.headers['content-encoding'];
    // An encoding that is not decoded would lose an insert without a word.
    if (encoding && encoding !== 'gzip') {
      throw new Error(`Code: 36. Unknown Content-Encoding ${encoding}`);
    }
    const source = encoding ? request.pipe(createGunzip()) : request;
    const chunks: Buffer[] = [];
    for await (const chunk of source) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  function mayWrite({ headers: { authorization = '' } }: IncomingMessage) {
    if (!users) return true;
    const [name, password] = Buffer.from(authorization.slice(6), 'base64')
      .toString()
      .split(':');
    const user = Object.hasOwn(users, name) ? users[name] : undefined;
    if (!authorization.startsWith('Basic ') || user?.password !== password) {
      throw refused(516, 'Authentication failed. (AUTHENTICATION_FAILED)');
    }
    return user.mayWrite;
  }

  async function run(request: IncomingMessage): Promise<Buffer> {
    const { pathname, searchParams } = new URL(
      request.url ?? '/',
      'http://localhost',
    );
    if (pathname === '/ping') return Buffer.from('Ok.\n');
    const body = await readBody(request);
    let sql = searchParams.get('query') ?? '';
    if (!sql) {
      sql = body.toString('utf8');
    } else if (body.length > 0) {
      // INSERT … FORMAT X with the rows as the body.
      const file = join(temporary, `body-${bodies++}`);
      await writeFile(file, body);
      sql = sql.replace(
        /\s+FORMAT\s+(\w+)\s*$/i,
        ` FROM INFILE '${file}' FORMAT $1`,
      );
    }
    if (!mayWrite(request) && !READS.test(sql)) {
      throw refused(497, 'Not enough privileges. (ACCESS_DENIED)');
    }
    const settings: string[] = [];
    for (const [name, value] of searchParams) {
      // Parameters come escaped as in TSV, as SET takes them; binding them would escape them twice.
      if (/^(param_\w+|max_\w+|input_\w+|output_\w+|insert_\w+)$/.test(name)) {
        settings.push(`SET ${name} = '${value.replace(/[\\']/g, '\\$&')}'`);
      }
    }
    const turn = last.then(() =>
      session.queryAsync([...settings, sql].join('; '), {
        format: searchParams.get('default_format') ?? 'TabSeparated',
      }),
    );
    last = turn.catch(() => {});
    return Buffer.from((await turn).bytes());
  }

  const server = createServer((request, response) => {
    run(request).then(
      answer => response.end(answer),
      error => {
        const message = String(error?.message ?? error);
        response.writeHead(400, {
          'X-ClickHouse-Exception-Code':
            /Code: (\d+)/.exec(message)?.[1] ?? '1',
        });
        response.end(message);
      },
    );
  });
  await new Promise<void>(done => server.listen(wanted, host, done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
      await last;
      session.close();
      await rm(temporary, { recursive: true, force: true });
    },
  };
}
