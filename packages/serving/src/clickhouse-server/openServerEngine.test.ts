import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { startChdbHttpServer } from '../__testUtils__/chdbHttpServer';
import { ServerUnreachableError } from '../errors';
import { Serving } from '../serving';
import { openServer } from './serverDatabase';

const LOADER = { username: 'loads', password: 'l' };
const READER = { username: 'reads', password: 'r' };

let directory: string;
let server: Awaited<ReturnType<typeof startChdbHttpServer>>;

const start = (port?: number) =>
  startChdbHttpServer(directory, {
    port,
    users: {
      loads: { password: 'l', mayWrite: true },
      reads: { password: 'r', mayWrite: false },
    },
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'naap-server-'));
  server = await start();
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

it('says that a server went away, and answers when it is back', async () => {
  const database = await openServer({ url: server.url, ...LOADER });
  await server.close();
  await expect(database.rows('SELECT 1')).rejects.toBeInstanceOf(
    ServerUnreachableError,
  );
  server = await start(Number(new URL(server.url).port));
  expect(await database.rows('SELECT 1')).toEqual([[1]]);
  await expect(database.rows('SELECT wrong')).rejects.not.toBeInstanceOf(
    ServerUnreachableError,
  );
  await database.close();
});
