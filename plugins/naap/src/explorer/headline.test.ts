import { kpiRow, orchestratorInfo } from '../testing/answers';
import { headline, HeadlineFacts } from './headline';

const NOW = new Date('2026-11-28T14:20:00Z');
const WINDOW = {
  from: '2026-11-27T14:20:00.000Z',
  to: '2026-11-28T14:20:00.000Z',
};
const PERIOD = '26 Nov 14:00 – 27 Nov 14:00 UTC';

const rates = (requests: number, failed: number, low: number, high: number) =>
  kpiRow({
    requests,
    failed,
    failure_rate: failed / requests,
    failure_rate_low: low,
    failure_rate_high: high,
  });
const seen = (orchestrator: string, first: string, last: string) =>
  orchestratorInfo({ orchestrator, first_seen_at: first, last_seen_at: last });

const FACTS: HeadlineFacts = {
  window: WINDOW,
  preset: '24h',
  filters: {},
  row: rates(8338, 42, 0.004, 0.007),
  orchestrators: [
    kpiRow({ orchestrator: '0xa', requests: 8000, served: 8000 }),
    kpiRow({ orchestrator: '0xb', requests: 321, served: 300 }),
    // It has samples, and served nothing that counts.
    kpiRow({ orchestrator: '0xc', fps_samples: 4 }),
    kpiRow({ orchestrator: null, requests: 17, served: 3 }),
  ],
  models: ['m1', 'm2', null].map(model => kpiRow({ model, requests: 5 })),
  inventory: [
    seen('0xa', '2026-11-01T00:00:00Z', '2026-11-28T14:00:00Z'),
    seen('0xc', '2026-11-28T10:00:00Z', '2026-11-28T14:00:00Z'),
    seen('0xgone', '2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z'),
  ],
  before: { row: rates(8101, 24, 0.002, 0.0035), period: PERIOD },
  served: {
    firstHour: '2026-11-01T00:00:00.000Z',
    watermark: '2026-11-28T14:19:30.000Z',
  },
};

function words(facts: Partial<HeadlineFacts>): string {
  const { subject, when, state, change } = headline(
    { ...FACTS, ...facts },
    NOW,
  );
  return `${subject}, ${when}: ${[state, change?.text]
    .filter(Boolean)
    .join('; ')}`.replaceAll('\u202f', ' ');
}

describe('the headline', () => {
  it('says what it is about and how that is, beside the period before', () => {
    expect(words({})).toBe(
      'Livepeer AI network, last 24 h: 8,338 requests, 99.5 % not failed, 2 of 3 orchestrators served, 2 models; failure rate up from 0.3 % to 0.5 %',
    );
    expect(headline(FACTS, NOW).change?.title.replaceAll('\u202f', ' ')).toBe(
      `Before: 0.3 %, n 8,101 requests, ${PERIOD}`,
    );
  });

  it.each([
    ['no period before', null],
    ['too few requests in it', rates(9, 1, 0, 0.5)],
    ['no request in it', kpiRow({ fps_samples: 40 })],
  ])('says nothing of change with %s', (_, row) => {
    const before = row && { row, period: PERIOD };
    expect(headline({ ...FACTS, before }, NOW).change).toBeNull();
  });

  it.each([
    [rates(8000, 400, 0.045, 0.055), 'failure rate down from 5.0 % to 0.5 %'],
    [
      rates(8000, 30, 0.003, 0.005),
      'failure rate 0.5 %, 0.38 % before: no clear change',
    ],
    [rates(8338, 42, 0.004, 0.007), 'failure rate 0.5 % as before'],
  ])(
    'calls a rate up or down only where the intervals lie apart',
    (row, text) => {
      expect(words({ before: { row, period: PERIOD } })).toContain(text);
    },
  );

  it('calls none failed only if none failed, and none served apart from failed', () => {
    expect(words({ row: rates(9000, 1, 0, 0.001) })).toContain(
      '> 99.9 % not failed',
    );
    expect(words({ row: rates(9000, 0, 0, 0.001) })).toContain(
      ' 100 % not failed',
    );
    expect(
      words({ row: { ...rates(1000, 0, 0, 0.001), unserved: 20 } }),
    ).toContain('100 % not failed, 2.0 % unserved');
  });

  it('names the filters, and counts nothing by them that they don’t say', () => {
    expect(
      words({
        filters: { gateway: ['ai-gateway-fra'], model: ['m1', null] },
        before: null,
      }),
    ).toBe(
      'Gateway ai-gateway-fra, model m1 or unknown, last 24 h: 8,338 requests, 99.5 % not failed, 2 orchestrators served',
    );
    expect(
      words({
        filters: { region: ['a', 'b', 'c'], orchestrator: ['0xa'] },
        inventory: [orchestratorInfo({ orchestrator: '0xa', name: 'Ann' })],
        before: null,
      }),
    ).toBe(
      '3 regions, orchestrator Ann (0xa), last 24 h: 8,338 requests, 99.5 % not failed, 2 models',
    );
  });

  it('says what part of the window has data, and both ends of one that was chosen', () => {
    const served = { ...FACTS.served, firstHour: '2026-11-28T09:00:00.000Z' };
    expect(words({ served })).toContain(
      'last 24 h (data since 28 Nov 09:00 UTC): ',
    );
    expect(words({ preset: 'custom' })).toContain(
      'Livepeer AI network, 27 Nov 14:20 – 28 Nov 14:20 UTC: ',
    );
  });

  it('leaves out what could not be loaded: null is not zero', () => {
    expect(
      words({ orchestrators: null, models: null, inventory: null }),
    ).toContain(' not failed; ');
    expect(words({ inventory: null })).toContain(', 2 orchestrators served, ');
    expect(words({ row: kpiRow({ fps_samples: 3 }) })).toContain(
      ': no request, 2 of 3',
    );
  });
});
