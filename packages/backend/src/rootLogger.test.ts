import { secretsOf } from './rootLogger';

describe('secretsOf', () => {
  it('finds texts at and below keys that sound like secrets', () => {
    expect(
      secretsOf({
        naap: { ingestion: { sources: [{ name: 'sea', token: 't1' }] } },
        backend: {
          database: { connection: { host: 'h', password: 'p1' } },
          auth: { externalAccess: [{ options: { token: 't2' } }] },
        },
        integrations: { credentials: { user: 'u', keys: ['k1', 'k2'] } },
        app: { title: 'NaaP', apiKey: 'a1', port: 7007, on: true },
      }).sort(),
    ).toEqual(['a1', 'k1', 'k2', 'p1', 't1', 't2', 'u']);
  });

  it('finds nothing in nothing', () => {
    expect(secretsOf(undefined)).toEqual([]);
  });
});
