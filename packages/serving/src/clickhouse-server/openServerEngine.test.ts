import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { startChdbHttpServer } from '../__testUtils__/chdbHttpServer';
import { Serving } from '../serving';
import { openServer } from './serverDatabase';

const LOADER = { username: 'loads', password: 'l' };
const READER = { username: 'reads', password: 'r' };

let directory: string;
let server: Awaited<ReturnType<typeof startChdbHttpServer>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'naap-server-'));
  server = await startChdbHttpServer(directory, {
    users: {
      loads: { password: 'l', mayWrite: true },
      reads: { password: 'r', mayWrite: false },
    },
  });
});

afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

it('answers questions as a user who cannot write', async () => {
  const { url } = server;
  const serving = await Serving.open({ url, ...LOADER, reader: READER });
  expect((await serving.kpis({ by: [] })).rows).toMatchObject([
    { requests: 0 },
  ]);
  await serving.close();

  const reading = await openServer({ url, ...READER });
  await expect(reading.command('DROP DATABASE naap')).rejects.toThrow(
    'privileges',
  );
  await reading.close();
});

it('says who does not answer, and not by which password', async () => {
  const opened = Serving.open({
    url: server.url,
    ...LOADER,
    password: 'wrong',
  });
  await expect(opened).rejects.toThrow(
    `The ClickHouse server at ${server.url}`,
  );
  await expect(opened).rejects.not.toThrow('wrong');
});
