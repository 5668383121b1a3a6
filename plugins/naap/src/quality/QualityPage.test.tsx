import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  ContestedUrl,
  IngestStatsAnswer,
  MessagePlace,
  NaapClient,
  QuarantineQuery,
  QuarantineRow,
  Run,
} from '@naap/plugin-naap-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { naapApiRef } from '../api/naapApi';
import { NaapShell } from '../NaapShell';
import {
  answerMeta,
  freshness,
  ingestAnswer,
  ingestHour,
  kpiRow,
} from '../testing/answers';
import { run, step } from '../testing/pipelines';
import { QualityPage } from './QualityPage';

const HOSTILE = '<img src=x onerror=alert(1)> \u202egnp.exe';

/** An API in memory that keeps what of the quarantine it was asked. */
function fakeClient(
  stats: () => Promise<IngestStatsAnswer>,
  row: Partial<QuarantineRow> = {},
  contested: ContestedUrl[] = [],
  compared: Run['details'] = null,
) {
  const asked: QuarantineQuery[] = [];
  const client = {
    freshness: async () => freshness(),
    kpis: async () => ({ meta: answerMeta(), rows: [kpiRow()], next: null }),
    lineage: async () => ({
      nodes: [],
      edges: [],
      parts: [],
      problems: [],
      next: null,
    }),
    contested: async () => ({
      meta: answerMeta(),
      rows: contested,
      next: null,
    }),
    ingestStats: stats,
    steps: async () => ({
      rows: [
        step({
          id: 'compare',
          lastSuccess: compared && run({ details: compared }),
        }),
      ],
      next: null,
    }),
    quarantine: async (query: QuarantineQuery) => {
      asked.push(query);
      return {
        total: 30,
        raw_readable: row.raw_base64 !== null,
        next: null,
        rows: [
          {
            class: 'rejected' as const,
            reason: 'not_json',
            raw_base64: Buffer.from(HOSTILE).toString('base64'),
            seen_at: '2026-01-08T21:00:00.000Z',
            topic: 'network_events',
            partition: 0,
            offset: 7,
            source: 'file',
            raw_length: Buffer.byteLength(HOSTILE),
            raw_sha256: null,
            ...row,
          },
        ],
      };
    },
  } as Partial<NaapClient> as NaapClient;
  return { client, asked };
}

function Search() {
  return <output data-testid="search">{useLocation().search}</output>;
}

const renderPage = (client: NaapClient, search = '') =>
  renderInTestApp(
    <NaapShell page>
      <QualityPage />
      <Search />
    </NaapShell>,
    {
      apis: [[naapApiRef, client]],
      config: { backend: { baseUrl: 'http://127.0.0.1:7007' } },
      initialRouteEntries: [`/${search}`],
    },
  );

const hour = ingestHour({
  rejected: 2,
  accepted: 98,
  reasons: { not_json: 2 },
});

describe('QualityPage', () => {
  beforeEach(() => {
    Element.prototype.scrollIntoView = jest.fn();
  });

  it('says nothing of the messages before it knows: null is not zero', async () => {
    const { client } = fakeClient(() => new Promise(() => undefined));
    await renderPage(client);
    await screen.findByRole('status', { name: 'Loading messages' });
    expect(screen.queryByText('came in')).not.toBeInTheDocument();
    expect(screen.queryByText('None')).not.toBeInTheDocument();
  });

  it('says nothing of what Kafka had before somebody compared: null is not zero', async () => {
    const { client } = fakeClient(async () => ingestAnswer([hour]));
    await renderPage(client);
    await screen.findByText('Nobody has compared them yet.');
    expect(
      screen.queryByRole('table', { name: 'Kafka and lake' }),
    ).not.toBeInTheDocument();
  });

  it('shows what the last comparison with Kafka found, by partition', async () => {
    const found = { topic: 'network_events', read: 9, gaps: 0, overlaps: 0 };
    const sound = { ...found, missing: 0, repeated: 0, surplus: 0 };
    const details = {
      partitions: [
        { ...sound, partition: 0 },
        { ...sound, partition: 1, missing: 2 },
      ],
    };
    const { client } = fakeClient(
      async () => ingestAnswer([hour]),
      {},
      [],
      details,
    );
    await renderPage(client);
    const table = await screen.findByRole('table', { name: 'Kafka and lake' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map(row => row.textContent)).toEqual([
      'network_events/0yes900000',
      'network_events/1no920000',
    ]);
  });

  it('goes from a reason to its messages, by the URL', async () => {
    const { client, asked } = fakeClient(async () => ingestAnswer([hour]));
    await renderPage(client, '?page=1&class=ignored');
    const reasons = await screen.findByRole('table', { name: 'Reasons' });
    expect(asked[0]).toMatchObject({ class: 'ignored', offset: 25 });
    await userEvent.click(
      within(reasons).getByRole('button', { name: 'not_json' }),
    );
    expect(screen.getByTestId('search')).toHaveTextContent('?reason=not_json');
    await waitFor(() =>
      expect(asked[asked.length - 1]).toEqual({
        reason: 'not_json',
        limit: 25,
        offset: 0,
      }),
    );
  });

  it('shows a message of a stranger as text in which nothing hides', async () => {
    const { client } = fakeClient(async () => ingestAnswer([hour]));
    const { container } = await renderPage(client);
    const list = await screen.findByRole('list', {
      name: 'Messages in quarantine',
    });
    await userEvent.click(within(list).getByRole('button'));
    expect(
      screen.getByRole('group', { name: 'Message as it came in' }),
    ).toHaveTextContent('<img src=x onerror=alert(1)> \\u{202e}gnp.exe');
    expect(container.querySelector('img')).toBeNull();
    expect(
      screen.getByText(`${Buffer.byteLength(HOSTILE)} bytes`),
    ).toBeInTheDocument();
  });

  it('says why messages are not shown to who may not read them', async () => {
    const { client } = fakeClient(async () => ingestAnswer([hour]), {
      raw_base64: null,
      raw_length: 4321,
    });
    await renderPage(client);
    const list = await screen.findByRole('list', {
      name: 'Messages in quarantine',
    });
    expect(screen.getByText('naap.raw.read')).toBeInTheDocument();
    await userEvent.click(within(list).getByRole('button'));
    expect(
      screen.queryByRole('group', { name: 'Message as it came in' }),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /Download/ }),
    ).not.toBeInTheDocument();
    expect(screen.getAllByText('4,321 bytes')).not.toHaveLength(0);
  });

  it('says of a long message how much is shown, and fetches the whole as a file', async () => {
    const { client } = fakeClient(async () => ingestAnswer([hour]), {
      raw_length: 5_000_000,
      raw_sha256: 'ab'.repeat(32),
    });
    const asked: MessagePlace[] = [];
    client.message = async place => {
      asked.push(place);
      return new Blob(['x']);
    };
    URL.createObjectURL = jest.fn(() => 'blob:x');
    URL.revokeObjectURL = jest.fn();
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    await renderPage(client);
    const list = await screen.findByRole('list', {
      name: 'Messages in quarantine',
    });
    await userEvent.click(within(list).getByRole('button'));
    expect(screen.getByText('5,000,000 bytes')).toBeInTheDocument();
    expect(
      screen.getByText(/only its beginning was kept; SHA-256/),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: /Download/ }));
    expect(asked).toEqual([
      { topic: 'network_events', partition: 0, offset: 7 },
    ]);
  });

  it('lists the URLs that several claim, a stranger’s text as text, and says why they can’t be read', async () => {
    const stats = async () => ingestAnswer([hour]);
    const { client } = fakeClient(stats, {}, [
      {
        url: 'https://<img src=x onerror=alert(1)>.example',
        addresses: ['0xaa', '0xbb'],
        first_seen_at: '2026-01-08T21:00:00.000Z',
        last_seen_at: '2026-01-08T22:00:00.000Z',
        reports: 12,
      },
    ]);
    const { container, unmount } = await renderPage(client);
    const table = await screen.findByRole('table', {
      name: 'Contested identities',
    });
    expect(table).toHaveTextContent('https://<img src=x onerror=alert(1)>');
    expect(within(table).getByText('0xaa')).toBeInTheDocument();
    expect(within(table).getByText('0xbb')).toBeInTheDocument();
    expect(container.querySelector('img')).toBeNull();
    unmount();

    client.contested = async () => {
      throw Object.assign(new Error('No'), { statusCode: 400 });
    };
    await renderPage(client);
    expect(
      await screen.findByText(/The contested identities/),
    ).toBeInTheDocument();
  });

  it('says so where no URL is contested', async () => {
    const { client } = fakeClient(async () => ingestAnswer([hour]));
    await renderPage(client);
    expect(
      await screen.findByText('No report gives one URL to two addresses.'),
    ).toBeInTheDocument();
  });

  it('says how events get here when nothing ever came in', async () => {
    const { client } = fakeClient(async () => ingestAnswer());
    client.freshness = async () => freshness({ watermark: null, build: null });
    await renderPage(client);
    expect(await screen.findByText('No events yet')).toBeInTheDocument();
  });
});
