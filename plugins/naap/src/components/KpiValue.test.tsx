import { kpiDefinition, KpiId, KpiRow } from '@naap/plugin-naap-common';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { cleanup, screen, within } from '@testing-library/react';
import { answerMeta, kpiRow } from '../testing/answers';
import { KpiTileContext, KpiValue } from './KpiValue';

async function renderTile(
  id: KpiId,
  row: KpiRow,
  network?: KpiRow,
  before?: KpiTileContext['before'],
) {
  await renderInTestApp(
    <KpiValue
      definition={kpiDefinition(id)}
      row={row}
      tile={{
        trend: [
          { at: '2026-01-01T00:00:00.000Z', value: 0.01, running: false },
          { at: '2026-01-01T01:00:00.000Z', value: null, running: false },
          { at: '2026-01-01T02:00:00.000Z', value: 0.024, running: false },
        ],
        trendGrain: 'hour',
        trendSpan: '24 h',
        network,
        before,
        meta: answerMeta(),
        onSelect: () => {},
        selectHint: 'Show its requests',
      }}
    />,
  );
  return screen.getByRole('article');
}

const text = (element: HTMLElement) =>
  element.textContent?.replaceAll('\u202f', ' ') ?? '';

const notMet = kpiRow({
  requests: 1204,
  failure_rate: 0.024,
  failure_rate_low: 0.016,
  failure_rate_high: 0.035,
});

describe('KpiValue as a tile (portal.md)', () => {
  it('shows value, status in words, target, interval, n, trend, network and freshness', async () => {
    const tile = await renderTile(
      'failure_rate',
      notMet,
      kpiRow({ requests: 9000, failure_rate: 0.011 }),
    );
    const shown = text(tile);
    expect(shown).toContain('Inference failure rate');
    expect(shown).toContain('2.4');
    expect(shown).toContain('not met');
    expect(shown).toContain('target < 1 %');
    expect(shown).toContain('1.6 – 3.5 %');
    expect(shown).toContain('n 1,204');
    expect(shown).toContain('network 1.1 %');
    expect(shown).toMatch(/as of .* UTC, 4\d s ago · provisional/);
    expect(
      within(tile)
        .getByRole('img', { name: /by hour, 2 of 3 hours with data/ })
        .getAttribute('aria-label')
        ?.replaceAll('\u202f', ' '),
    ).toContain('last 2.4 %');
  });

  it.each([
    [
      kpiRow({ requests: 9000, failure_rate: 0.003 }),
      'before 0.3 %',
      '26 Nov: n 9,000 requests',
    ],
    [
      kpiRow({ requests: 4, failure_rate: 0.25 }),
      'before 25.0 %, too few',
      '26 Nov: n 4 requests',
    ],
    [kpiRow(), 'before –', '26 Nov: No request in this window'],
  ])(
    'has the period before beside it, named on hover',
    async (row, past, title) => {
      const period = '26 Nov';
      const tile = await renderTile('failure_rate', notMet, undefined, {
        row,
        period,
      });
      const shown = text(within(tile).getByTitle(title)).replace('\u00a0', ' ');
      expect(shown).toBe(past);
    },
  );

  it('says when the period before failed to load, and nothing of one without numbers', async () => {
    const failed = await renderTile(
      'failure_rate',
      notMet,
      undefined,
      'failed',
    );
    expect(text(failed)).toContain('before: failed to load');
    cleanup();
    const none = await renderTile('failure_rate', notMet);
    expect(text(none)).not.toContain('before');
  });

  it('shows null as a dash with the reason, and no number', async () => {
    const tile = await renderTile('e2e', kpiRow());
    expect(within(tile).getByText('–')).toHaveAttribute(
      'title',
      'No request in this window',
    );
    expect(text(tile)).toContain('too few');
    expect(text(tile)).not.toMatch(/\b0 ms/);
  });

  it('shows zero as zero', async () => {
    const tile = await renderTile(
      'failure_rate',
      kpiRow({
        requests: 400,
        failure_rate: 0,
        failure_rate_low: 0,
        failure_rate_high: 0.0095,
      }),
    );
    expect(within(tile).getByText('0')).toBeInTheDocument();
    expect(within(tile).getByText('met')).toBeInTheDocument();
  });

  it('shows the mean of a latency large, which the target is about, and percentiles to two digits beside it', async () => {
    const tile = await renderTile(
      'e2e',
      kpiRow({
        requests: 40,
        e2e_ms: { n: 40, mean: 3100, p50: 2655, p95: 7100, p99: 9000 },
      }),
    );
    const shown = text(tile);
    expect(shown).toMatch(/mean.?3\.10.?s.*p50 2\.7 s.*p95 7\.1 s/);
    expect(shown).toContain('not met');
  });

  it('grades by the target of the model and says where that comes from', async () => {
    await renderInTestApp(
      <KpiValue
        definition={kpiDefinition('output_fps')}
        row={kpiRow({ requests: 9, fps_samples: 40, fps_mean: 17 })}
        targets={{ fps: { value: 16, source: 'network_median' } }}
      />,
    );
    expect(
      screen.getByTitle(/target ≥ 16.fps, network median of 7 days, met/),
    ).toBeVisible();
  });

  it('calls CUE estimated', async () => {
    const tile = await renderTile(
      'cue',
      kpiRow({ requests: 20, cue: 0.85, cue_samples: 300 }),
    );
    expect(text(tile)).toContain('estimated');
  });
});

describe('KpiValue in a cell', () => {
  it('says all of it in one sentence on hover', async () => {
    await renderInTestApp(
      <KpiValue definition={kpiDefinition('failure_rate')} row={notMet} />,
    );
    const cell = screen.getByTitle(/95 % interval/);
    expect(cell.title.replaceAll('\u202f', ' ')).toBe(
      'Inference failure rate: 2.4 %, 95 % interval 1.6 – 3.5 %, n 1,204 requests, target < 1 %, not met',
    );
    // The shape has the word as its text alternative, so it is not told by colour alone.
    expect(within(cell).getByRole('img', { name: 'not met' })).toBeVisible();
  });

  it('says how much is missing under the minimum', async () => {
    await renderInTestApp(
      <KpiValue
        definition={kpiDefinition('failure_rate')}
        row={kpiRow({ requests: 9, failure_rate: 1, failure_rate_low: 0.7 })}
      />,
    );
    expect(screen.getByTitle(/9 of the 10 requests needed/)).toBeVisible();
  });
});
