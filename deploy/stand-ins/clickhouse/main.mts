/** Listens as the official server does; users and the collection of the lake are those of deploy/clickhouse. */
import { startChdbHttpServer } from './chdbHttpServer.mts';

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const text = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;

const server = await startChdbHttpServer('/var/lib/clickhouse/chdb', {
  host: '0.0.0.0',
  port: 8123,
  users: {
    naap_reader: { password: variable('READER_PASSWORD'), mayWrite: false },
    naap_loader: { password: variable('LOADER_PASSWORD'), mayWrite: true },
  },
  prepare: [
    'DROP NAMED COLLECTION IF EXISTS lake',
    `CREATE NAMED COLLECTION lake AS url = ${text(variable('LAKE_URL'))},
access_key_id = ${text(variable('S3_ACCESS_KEY'))}, secret_access_key = ${text(
      variable('S3_SECRET_KEY'),
    )}`,
  ],
});
console.log(`listening at ${server.url}`);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
