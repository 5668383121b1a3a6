import {
  AnswerMeta,
  KpiQuery,
  KpiRow,
  NaapClient,
  RequestQuery,
} from '@naap/plugin-naap-common';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { naapApiRef } from '../api/naapApi';
import { NaapRouter } from '../NaapRouter';
import { rootRouteRef } from '../routes';
import {
  answerMeta,
  freshness,
  ingestAnswer,
  ingestHour,
  kpiRow,
  orchestratorInfo,
  requestRow,
} from '../testing/answers';
import { lineageNode } from '../testing/lineage';

const HOSTILE = '<img src=x onerror=alert(1)>';

/** An API in memory: answers by `by`, and keeps what it was asked. */
function fakeClient(options: {
  meta?: Partial<AnswerMeta>;
  total?: KpiRow;
  orchestrators?: KpiRow[];
  kpisFail?: boolean;
  /** That the lake holds. */
  events?: number;
  freeBytes?: number;
}) {
  const asked: { kpis: KpiQuery[]; requests: RequestQuery[] } = {
    kpis: [],
    requests: [],
  };
  const meta = answerMeta(options.meta);
  const total = options.total ?? kpiRow({ requests: 100, failure_rate: 0 });
  const client = {
    kpis: async (query: KpiQuery) => {
      asked.kpis.push(query);
      if (options.kpisFail) {
        throw new Error('ClickHouse does not answer');
      }
      return {
        meta,
        rows: query.by ? options.orchestrators ?? [] : [total],
        next: null,
      };
    },
    requests: async (query: RequestQuery) => {
      asked.requests.push(query);
      return {
        meta,
        total: 1,
        rows: [requestRow({ model: HOSTILE })],
        next: null,
      };
    },
    scores: async () => ({ meta, rows: [], next: null }),
    inventory: async () => ({
      meta,
      orchestrators: [orchestratorInfo({ orchestrator: '0xb', name: HOSTILE })],
      models: [],
      deploys: [],
      next: null,
    }),
    freshness: async () => {
      const { storage, ...facts } = freshness(options.meta);
      const { freeBytes = storage.freeBytes } = options;
      return { ...facts, storage: { freeBytes, full: freeBytes < 64e6 } };
    },
    lineage: async () => ({
      nodes: [
        lineageNode({
          id: 'bronze.events',
          state: {
            updatedAt: null,
            runId: null,
            ok: null,
            rows: options.events ?? 0,
            tests: null,
          },
        }),
      ],
      edges: [],
      parts: [],
      problems: [],
      next: null,
    }),
    ingestStats: async () =>
      ingestAnswer([ingestHour({ read: 9, accepted: 0, ignored: 9 })]),
    dimensions: async () => ({
      meta,
      values: {
        orchestrator: [],
        model: [{ value: HOSTILE, requests: 1 }],
        gateway: [],
        region: [{ value: 'fra', requests: 3 }],
        gpu: [],
        pipeline: [],
      },
      totals: {
        orchestrator: 0,
        model: 1,
        gateway: 0,
        region: 1,
        gpu: 0,
        pipeline: 0,
      },
      next: null,
    }),
  } as Partial<NaapClient> as NaapClient;
  return { client, asked };
}

function Search() {
  return <output data-testid="search">{useLocation().search}</output>;
}

function renderExplorer(client: NaapClient, search = '') {
  return renderInTestApp(
    <>
      <NaapRouter />
      <Search />
    </>,
    {
      apis: [[naapApiRef, client]],
      config: { backend: { baseUrl: 'http://127.0.0.1:7007' } },
      mountPath: '/naap/*',
      initialRouteEntries: [`/naap${search}`],
      mountedRoutes: {
        '/naap': rootRouteRef,
      },
    },
  );
}

describe('ExplorerPage', () => {
  beforeEach(() => {
    // jsdom lays nothing out and scrolls nowhere; without a height the table has no row in view.
    jest
      .spyOn(HTMLElement.prototype, 'clientHeight', 'get')
      .mockReturnValue(600);
    Element.prototype.scrollIntoView = jest.fn();
  });

  afterEach(() => jest.restoreAllMocks());

  it('asks with the filters of the URL, and shows the network beside them', async () => {
    const { client, asked } = fakeClient({});
    await renderExplorer(client, '?region=fra&region=~&window=7d');
    await screen.findByRole('article', { name: /Inference failure rate/ });
    expect(screen.getByText('Selection')).toBeInTheDocument();
    const totals = asked.kpis.filter(query => !query.by);
    expect(totals.map(query => query.filters)).toEqual(
      expect.arrayContaining([{ region: ['fra', null] }, undefined]),
    );
    await waitFor(() => expect(asked.requests).not.toHaveLength(0));
    expect(asked.requests[0].filters).toEqual({ region: ['fra', null] });
  });

  it('keeps a change of the window in the URL', async () => {
    const { client } = fakeClient({});
    await renderExplorer(client);
    await userEvent.click(await screen.findByRole('radio', { name: '7 d' }));
    expect(screen.getByTestId('search')).toHaveTextContent('?window=7d');
  });

  it('sorts by a column, worst first, and filters by a click on an orchestrator', async () => {
    const failing = (orchestrator: string, rate: number | null) =>
      kpiRow({ orchestrator, requests: 50, failure_rate: rate });
    const { client } = fakeClient({
      orchestrators: [
        failing('0xa', 0.1),
        failing('0xb', null),
        failing('0xc', 0.3),
      ],
    });
    await renderExplorer(client);
    const table = await screen.findByRole('table', { name: 'Orchestrators' });
    await userEvent.click(
      within(table).getByRole('button', { name: 'Failures' }),
    );
    expect(screen.getByTestId('search')).toHaveTextContent(
      '?sort=failure_rate%3Adesc',
    );
    expect(
      within(table)
        .getAllByRole('rowheader')
        .map(cell => within(cell).getByTitle(/^0x/).textContent),
    ).toEqual(['0xc', '0xa', '0xb']);
    expect(
      within(table).getByRole('columnheader', { name: 'Failures' }),
    ).toHaveAttribute('aria-sort', 'descending');
    await userEvent.click(
      within(table).getAllByTitle('Show these requests')[0],
    );
    expect(screen.getByTestId('search')).toHaveTextContent(
      '?orchestrator=0xc&sort=failure_rate%3Adesc',
    );
  });

  it('has the name of who runs an orchestrator beside its address, as text', async () => {
    const { client } = fakeClient({
      orchestrators: ['0xa', '0xb'].map(orchestrator =>
        kpiRow({ orchestrator, requests: 1 }),
      ),
    });
    await renderExplorer(client);
    const row = await screen.findByRole('rowheader', { name: /0xb/ });
    expect(within(row).getByTitle(HOSTILE)).toBeInTheDocument();
    expect(within(row).getByTitle('0xb')).toBeInTheDocument();
    expect(document.querySelector('img')).toBeNull();
  });

  it('shows texts of events as text, and keeps the filters on the way to a request', async () => {
    const { client } = fakeClient({});
    await renderExplorer(client, '?region=fra');
    const table = await screen.findByRole('table', { name: 'Requests' });
    expect(within(table).getByTitle(HOSTILE)).toBeInTheDocument();
    expect(document.querySelector('img')).toBeNull();
    expect(
      within(table).getByRole('link', { name: 'db936fab' }),
    ).toHaveAttribute(
      'href',
      '/naap/requests/db936fab?region=fra&stream_id=stream-1',
    );
  });

  it('says how to begin when nothing was ever served', async () => {
    const { client } = fakeClient({
      meta: { build: null, watermark: null, syncedAt: null, lastHour: null },
      total: kpiRow(),
    });
    await renderExplorer(client);
    expect(await screen.findByText('No events yet')).toBeInTheDocument();
    expect(
      screen.getByText('http://127.0.0.1:7007/api/naap/v1/events'),
    ).toBeInTheDocument();
  });

  it('says that the first numbers are on their way when events came in', async () => {
    const { client } = fakeClient({
      meta: { build: null, watermark: null, syncedAt: null, lastHour: null },
      total: kpiRow(),
      events: 1204,
    });
    await renderExplorer(client);
    expect(
      await screen.findByText('The first numbers are being built'),
    ).toBeInTheDocument();
    expect(screen.getByText(/1,204 events came in/)).toBeInTheDocument();
  });

  it('leads from an empty window to the last day of data', async () => {
    const { client } = fakeClient({
      meta: { lastHour: '2026-01-08T21:00:00.000Z' },
      total: kpiRow(),
    });
    await renderExplorer(client);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show the last day of data' }),
    );
    expect(screen.getByTestId('search')).toHaveTextContent(
      'window=custom&from=2026-01-07T22%3A00%3A00.000Z&to=2026-01-08T22%3A00%3A00.000Z',
    );
  });

  it('says what failed, what still works, and tries again', async () => {
    const { client, asked } = fakeClient({ kpisFail: true });
    await renderExplorer(client);
    const alert = await screen.findByText(
      'The key figures could not be loaded.',
    );
    expect(alert.parentElement).toHaveTextContent('ClickHouse does not answer');
    expect(screen.getByRole('table', { name: 'Requests' })).toBeInTheDocument();
    const before = asked.kpis.length;
    await userEvent.click(
      screen.getAllByRole('button', { name: 'Try again' })[0],
    );
    expect(asked.kpis.length).toBeGreaterThan(before);
  });

  it('says nothing of a period before that has no data', async () => {
    const lastHour = answerMeta().lastHour;
    const { client, asked } = fakeClient({ meta: { firstHour: lastHour } });
    await renderExplorer(client, '?window=7d');
    const line = await screen.findByRole('heading', {
      name: /^Livepeer AI network, last 7 d \(data since .* UTC\): 100 requests/,
    });
    expect(line).not.toHaveTextContent('before');
    expect(screen.queryByText('Largest changes')).toBeNull();
    const begins = asked.kpis.map(query => Date.parse(query.from ?? ''));
    expect(Math.min(...begins)).toBeGreaterThan(
      Date.now() - 8 * 24 * 3_600_000,
    );
  });

  it('says that it is offline, until it is not', async () => {
    const { client } = fakeClient({});
    await renderExplorer(client);
    await screen.findByRole('article', { name: /Inference failure rate/ });
    const online = jest.spyOn(navigator, 'onLine', 'get');
    online.mockReturnValue(false);
    act(() => {
      window.dispatchEvent(new Event('offline'));
    });
    expect(screen.getByText('You are offline.')).toBeInTheDocument();
    online.mockReturnValue(true);
    act(() => {
      window.dispatchEvent(new Event('online'));
    });
    expect(screen.queryByText('You are offline.')).toBeNull();
  });

  it('says that the disk is full, and only then', async () => {
    const { client } = fakeClient({ freeBytes: 3 * 1024 ** 2 });
    await renderExplorer(client);
    const notice = await screen.findByText('The disk is full:');
    expect(notice.parentElement).toHaveTextContent(
      'new events are refused until there is more room (3 MB are free)',
    );
  });

  it('says what is wrong with the numbers', async () => {
    const { client } = fakeClient({
      meta: {
        simulated: true,
        watermark: new Date(Date.now() - 12 * 60_000).toISOString(),
        build: {
          id: 'b',
          at: new Date().toISOString(),
          tests: { passed: 1, failed: 2, warned: 0 },
        },
      },
    });
    await renderExplorer(client);
    expect(await screen.findByText('Simulated data.')).toBeInTheDocument();
    expect(screen.getByText('Stale numbers.')).toBeInTheDocument();
    expect(screen.getByText('2 data tests failed')).toBeInTheDocument();
    expect(screen.queryByText('The disk is full:')).toBeNull();
  });
});
