import { NaapClient } from './NaapClient';

function clientThatRecords(status = 200, body: unknown = {}) {
  const urls: string[] = [];
  const client = new NaapClient({
    baseUrl: 'http://127.0.0.1:7007/api/naap/v1/',
    fetch: async url => {
      urls.push(url);
      return new Response(JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/json' },
      });
    },
  });
  return { client, urls };
}

describe('NaapClient', () => {
  it('repeats filters, and writes null as ~', async () => {
    const { client, urls } = clientThatRecords();
    await client.kpis({
      from: '2026-01-08T21:00:00.000Z',
      by: ['orchestrator', 'model'],
      filters: { model: ['a&b=c', null], region: [] },
    });
    const url = new URL(urls[0]);
    expect(url.pathname).toBe('/api/naap/v1/kpis');
    expect(url.searchParams.get('from')).toBe('2026-01-08T21:00:00.000Z');
    expect(url.searchParams.has('to')).toBe(false);
    expect(url.searchParams.get('by')).toBe('orchestrator,model');
    expect(url.searchParams.getAll('model')).toEqual(['a&b=c', '~']);
    expect(url.searchParams.has('region')).toBe(false);
  });

  it('keeps a hostile request id inside its path segment', async () => {
    const { client, urls } = clientThatRecords();
    await client.request({ requestId: '../kpis?x#y', streamId: '' });
    expect(new URL(urls[0]).pathname).toBe(
      '/api/naap/v1/requests/..%2Fkpis%3Fx%23y',
    );
    expect(new URL(urls[0]).searchParams.get('stream_id')).toBe('');
  });

  it('asks for outcomes, one request and pages', async () => {
    const { client, urls } = clientThatRecords();
    await client.requests({
      outcome: ['failed', 'unserved'],
      requestId: '0a1b2c3d',
      streamId: 's',
      order: 'oldest',
      limit: 50,
      offset: 0,
    });
    expect(urls[0]).toMatch(
      /\/requests\?outcome=failed&outcome=unserved&request_id=0a1b2c3d&stream_id=s&order=oldest&limit=50&offset=0$/,
    );
  });

  it('rejects with what the API said was wrong', async () => {
    const { client } = clientThatRecords(400, {
      error: { name: 'InputError', message: 'from is no time' },
      response: { statusCode: 400 },
    });
    await expect(client.kpis({})).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 400,
      cause: { name: 'InputError', message: 'from is no time' },
    });
  });
});
