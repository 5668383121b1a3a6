import { createServer, IncomingMessage } from 'http';
import { mkdtemp, rm, writeFile } from 'fs/promises';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { createGunzip } from 'zlib';
import { Session } from 'chdb';

/**
 * Stands in for a ClickHouse server, which cannot be had in CI: the HTTP interface that `@clickhouse/client` uses, over
 * the same engine in process. No users, no quotas; one session, so statements run one after the other.
 */
export async function startChdbHttpServer(path: string): Promise<{
  url: string;
  close: () => Promise<void>;
}> {
  const session = new Session(path);
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

  async function run(request: IncomingMessage): Promise<Buffer> {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
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
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
      await last;
      session.close();
      await rm(temporary, { recursive: true, force: true });
    },
  };
}
