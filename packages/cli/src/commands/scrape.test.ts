import { classify, orchestratorScrapeSchema } from '@naap/events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createProgram } from '../program';

describe('naap scrape', () => {
  let directory: string;
  let server: Server;
  let url: string;
  let printed: string;
  const before = { ...process.env };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-scrape-'));
    process.env.NAAP_ROOT = resolve(__dirname, '../../../..');
    process.env.NAAP_HOME = join(directory, 'home');
    printed = '';
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text, written?: unknown) => {
        printed += text;
        if (typeof written === 'function') written();
        return true;
      });
    server = createServer((_request, response) => response.end('[]'));
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    process.env = { ...before };
    server.close();
    await rm(directory, { recursive: true });
  });

  async function scrape(targets: string, ...args: string[]) {
    const file = join(directory, 'targets');
    await writeFile(file, targets);
    await createProgram().parseAsync([
      ...['node', 'naap', 'scrape', '--targets', file, ...args],
    ]);
    return printed
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line));
  }

  it('--dry-run prints one event a target that fits the schema, and touches no home', async () => {
    const events = await scrape(
      `${url}\nhttp://127.0.0.1:1\nhttp://169.254.169.254\nnonsense\n`,
      ...['--dry-run', '--allow-private-targets', '--ports', '1-65535'],
    );
    expect(
      events.map(({ data }) => [data.target, data.reachable, data.error_class]),
    ).toEqual([
      [url, true, null],
      ['http://127.0.0.1:1', false, 'connect_refused'],
      ['http://169.254.169.254', false, 'refused_address'],
      ['nonsense', false, 'refused_url'],
    ]);
    for (const event of events) {
      const line = Buffer.from(JSON.stringify(event));
      expect(classify(line, Date.now())).toMatchObject({
        class: 'accepted',
        event: { type: 'orchestrator_scrape' },
      });
      // The scraper's own tests hold its events against the whole schema.
      expect(Object.keys(event.data).sort()).toEqual(
        [...(orchestratorScrapeSchema.required as string[])].sort(),
      );
    }
    expect(existsSync(process.env.NAAP_HOME!)).toBe(false);
  });

  it('does not ask private addresses unless it is told to', async () => {
    const [{ data }] = await scrape(url, '--dry-run');
    expect(data).toMatchObject({ attempted: false, refusal: 'loopback' });
  });

  it.each([
    ['[{"kind": "node"}]', [], /entry 0 has no url/],
    ['http://a.example', ['--rounds', '0'], /--rounds is a number from 1/],
    ['http://a.example', ['--interval', '1'], /intervalSeconds/],
    ['http://a.example', ['--ports', 'ssh'], /neither a port/],
  ])('says what is wrong with %s %j', async (targets, args, message) => {
    await expect(scrape(targets, ...args)).rejects.toThrow(message);
  });
});
