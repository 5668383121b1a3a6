import { Entity } from '@backstage/catalog-model';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import {
  AvailabilityQuery,
  AvailabilityRow,
  KpiQuery,
  KpiRow,
  NAAP_ANNOTATIONS,
  NaapClient,
  RequestQuery,
} from '@naap/plugin-naap-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { naapApiRef } from '../api/naapApi';
import { NaapShell } from '../NaapShell';
import { rootRouteRef } from '../routes';
import {
  answerMeta,
  availabilityRow,
  freshness,
  ingestAnswer,
  kpiRow,
  orchestratorInfo,
  requestRow,
  scoreRow,
} from '../testing/answers';
import { ScorecardTab } from './ScorecardTab';

const ADDRESS = '0x0074780feff1fd0277fad6ccdb5a29908df6051f';
const ENTITY: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: `orchestrator-${ADDRESS}`,
    annotations: {
      [NAAP_ANNOTATIONS.orchestrator]: ADDRESS,
      [NAAP_ANNOTATIONS.lastSeen]: '2026-01-08',
    },
  },
};
const TOTAL = kpiRow({
  requests: 100,
  served: 100,
  failed: 4,
  failure_rate: 0.04,
  failure_rate_low: 0.016,
  failure_rate_high: 0.098,
});

/** An API in memory that keeps what it was asked. */
function fakeClient(
  options: {
    total?: KpiRow;
    scoresFail?: boolean;
    scraped?: AvailabilityRow;
  } = {},
) {
  const asked: { kpis: KpiQuery[]; requests: RequestQuery[] } = {
    kpis: [],
    requests: [],
  };
  const meta = answerMeta();
  const client = {
    freshness: async () => freshness(),
    kpis: async (query: KpiQuery) => {
      asked.kpis.push(query);
      return {
        meta,
        rows: query.by ? [] : [options.total ?? TOTAL],
        next: null,
      };
    },
    requests: async (query: RequestQuery) => {
      asked.requests.push(query);
      return {
        meta,
        total: 1,
        rows: [requestRow({ outcome: 'failed', reason: 'no_output' })],
        next: null,
      };
    },
    scores: async () => {
      if (options.scoresFail) {
        throw new Error('ClickHouse does not answer');
      }
      return { meta, rows: [scoreRow()], next: null };
    },
    targets: async () => ({ meta, rows: [], next: null }),
    swaps: async () => ({ meta, rows: [], next: null }),
    gpus: async () => ({ meta, rows: [], next: null }),
    availability: async (query: AvailabilityQuery) => ({
      meta,
      rows: query.by ? [] : [options.scraped ?? availabilityRow()],
      next: null,
    }),
    inventory: async () => ({
      meta,
      orchestrators: [
        orchestratorInfo({
          orchestrator: ADDRESS,
          name: '<b>Acme</b>',
          contact: 'https://acme.example',
          stake_lpt: '1204.5',
        }),
      ],
      models: [],
      deploys: [],
      next: null,
    }),
    ingestStats: async () => ingestAnswer(),
  } as Partial<NaapClient> as NaapClient;
  return { client, asked };
}

function renderTab(client: NaapClient, search = '') {
  return renderInTestApp(
    <EntityProvider entity={ENTITY}>
      <NaapShell>
        <ScorecardTab />
      </NaapShell>
    </EntityProvider>,
    {
      apis: [[naapApiRef, client]],
      config: { backend: { baseUrl: 'http://127.0.0.1:7007' } },
      mountPath: '/scorecard',
      initialRouteEntries: [`/scorecard${search}`],
      mountedRoutes: { '/naap': rootRouteRef },
    },
  );
}

describe('ScorecardTab', () => {
  beforeEach(() => {
    Element.prototype.scrollIntoView = jest.fn();
  });

  it('is of the orchestrator of its entity, in the window of the URL', async () => {
    const { client, asked } = fakeClient();
    await renderTab(client, '?window=7d');
    await screen.findByRole('article', { name: /^SLA score: 87.3 of 100/ });
    const own = asked.kpis.find(query => !query.by);
    expect(own?.filters).toEqual({ orchestrator: [ADDRESS] });
    const hours =
      (Date.parse(own?.to ?? '') - Date.parse(own?.from ?? '')) / 3_600_000;
    expect(hours).toBe(169);
  });

  it('says who runs the orchestrator, as people told, as text', async () => {
    const { client } = fakeClient();
    await renderTab(client);
    expect(await screen.findByText('<b>Acme</b>')).toBeInTheDocument();
    expect(screen.getByText('https://acme.example').closest('a')).toBeNull();
    expect(screen.getByText('Stake 1,205 LPT')).toBeInTheDocument();
  });

  it('grades by the interval, and says when there are too few', async () => {
    const { client } = fakeClient();
    await renderTab(client);
    const failures = await screen.findByRole('article', {
      name: /^Inference failure rate/,
    });
    expect(within(failures).getByText('not met')).toBeInTheDocument();
    const jitter = screen.getByRole('article', { name: /^Jitter/ });
    expect(within(jitter).getByText('too few')).toBeInTheDocument();
  });

  it('opens the requests behind a KPI, and keeps the failed ones at hand', async () => {
    const { client, asked } = fakeClient();
    await renderTab(client);
    expect(await screen.findByText('failed: no output')).toBeInTheDocument();
    expect(asked.requests[0]).toMatchObject({
      kpi: 'failure_rate',
      filters: { orchestrator: [ADDRESS] },
    });
    // By text: roles are slow to find on a page with so many of them.
    await userEvent.click(
      screen.getByText('Startup time', { selector: 'button' }),
    );
    expect(
      await screen.findByText('Requests with a startup, slowest first'),
    ).toHaveFocus();
    expect(screen.getByText('Failed requests')).toBeInTheDocument();
  });

  it('does not call a score that failed to load "not enough data"', async () => {
    const { client } = fakeClient({ scoresFail: true });
    await renderTab(client);
    expect(
      await screen.findByText('The score could not be loaded.'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/graded from 10 served/)).toBeNull();
  });

  it('says when a silent one was named last, and offers wider windows', async () => {
    const { client } = fakeClient({ total: kpiRow() });
    await renderTab(client);
    expect(
      await screen.findByText('No request of this orchestrator in this window'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/Events named it last on 8 Jan/),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Show 7 d' })).toBeEnabled();
    expect(
      await screen.findByText('Not scraped in this window'),
    ).toBeInTheDocument();
  });

  it('tells whether one that served nobody is there, and what was left out', async () => {
    const scraped = availabilityRow({
      observations: 99,
      reachable: 98,
      availability: 98 / 99,
      availability_low: 0.945,
      availability_high: 0.998,
      masked: 3,
    });
    const { client } = fakeClient({ total: kpiRow(), scraped });
    await renderTab(client);
    expect(await screen.findByText('99.0 %')).toBeInTheDocument();
    expect(
      screen.getByText('94.5 – 99.8 % · n 99 observations'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/^Left out: 3 observations of rounds/),
    ).toBeInTheDocument();
    expect(screen.getByText('No answer says a price')).toBeInTheDocument();
  });
});
