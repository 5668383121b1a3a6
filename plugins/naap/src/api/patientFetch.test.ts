import { patientFetch } from './patientFetch';

const busy = (after: string | null, status = 503) =>
  ({
    status,
    headers: new Headers(after ? { 'Retry-After': after } : {}),
  } as Response);
const good = { status: 200, headers: new Headers() } as Response;

describe('patientFetch', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** What comes of these answers, and how often was asked. */
  async function ask(answers: Response[], init?: RequestInit) {
    const fetch = jest.fn(async () => answers.shift()!);
    const asked = patientFetch(fetch)('/kpis', init);
    await jest.advanceTimersByTimeAsync(120_000);
    return { status: (await asked).status, times: fetch.mock.calls.length };
  }

  it.each([503, 429])(
    'asks again when it is told so with a %s',
    async status => {
      expect(await ask([busy('1', status), busy('1', status), good])).toEqual({
        status: 200,
        times: 3,
      });
    },
  );

  it('waits as long as it is told', async () => {
    const fetch = jest
      .fn<Promise<Response>, []>()
      .mockResolvedValueOnce(busy('3'))
      .mockResolvedValueOnce(good);
    const asked = patientFetch(fetch)('/kpis');
    await jest.advanceTimersByTimeAsync(2_999);
    expect(fetch).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(3_001);
    expect((await asked).status).toBe(200);
  });

  it('gives up after some tries', async () => {
    const answers = Array.from({ length: 9 }, () => busy('1'));
    expect(await ask(answers)).toEqual({ status: 503, times: 4 });
  });

  it.each([null, '3600', 'Fri, 31 Dec 2027 23:59:59 GMT', '-1'])(
    'does not wait for %p',
    async after => {
      expect(await ask([busy(after)])).toEqual({ status: 503, times: 1 });
    },
  );

  it('asks once for a change', async () => {
    expect(await ask([busy('1')], { method: 'POST' })).toEqual({
      status: 503,
      times: 1,
    });
  });

  it('waits for nothing that nobody wants any more', async () => {
    const gone = new AbortController();
    const fetch = jest.fn(async () => busy('1'));
    const asked = patientFetch(fetch)('/kpis', { signal: gone.signal });
    const outcome = asked.catch(error => error.message);
    await jest.advanceTimersByTimeAsync(1);
    gone.abort(new Error('gone'));
    expect(await outcome).toBe('gone');
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
