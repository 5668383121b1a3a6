import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  ConnectorInfo,
  ConnectorListAnswer,
  DeadLetterAnswer,
  NaapClient,
} from '@naap/plugin-naap-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { naapApiRef } from '../api/naapApi';
import { NaapShell } from '../NaapShell';
import { rootRouteRef } from '../routes';
import { ConnectSection } from './ConnectSection';

const EVENTS: ConnectorInfo = {
  name: 'bronze-events',
  topics: ['naap.events'],
  table: 'bronze.events',
  state: 'running',
  error: null,
  lag: 1200,
  committedAt: '2026-01-08T21:49:05.298Z',
  drift: [],
};

const ALL = { pause: true, resume: true, restart: true };

function renderSection(
  list: Partial<ConnectorListAnswer>,
  letters?: DeadLetterAnswer,
) {
  const told: string[] = [];
  const client: Partial<NaapClient> = {
    connectors: async () => ({
      rows: [],
      deadLetters: 0,
      problems: [],
      may: ALL,
      ...list,
    }),
    changeConnector: async change => {
      told.push(`${change.action} ${change.connector}`);
      return change;
    },
    deadLetters: async () => letters!,
  };
  renderInTestApp(
    <NaapShell>
      <p>page</p>
      <ConnectSection />
    </NaapShell>,
    {
      apis: [[naapApiRef, client as NaapClient]],
      config: { backend: { baseUrl: 'http://127.0.0.1:7007' } },
      mountedRoutes: { '/naap': rootRouteRef },
    },
  );
  return told;
}

describe('ConnectSection', () => {
  it('shows how far each connector is, and that nothing was left unread', async () => {
    renderSection({ rows: [EVENTS] });
    expect(
      await screen.findByRole('row', { name: /bronze-events.*running 1,200/ }),
    ).toHaveTextContent('reads naap.events');
    expect(screen.getByText(/No dead letters/)).toBeInTheDocument();
  });

  it('pauses what runs and resumes what is paused', async () => {
    const told = renderSection({
      rows: [EVENTS, { ...EVENTS, name: 'bronze-batches', state: 'paused' }],
    });
    const press = async (name: string) =>
      userEvent.click(await screen.findByRole('button', { name }));
    await press('Pause bronze-events');
    await press('Resume bronze-batches');
    await press('Restart bronze-events');
    expect(told).toEqual([
      'pause bronze-events',
      'resume bronze-batches',
      'restart bronze-events',
    ]);
  });

  it('lets nobody press what is not allowed, and says which permission is needed', async () => {
    renderSection({ rows: [EVENTS], may: { ...ALL, pause: false } });
    expect(
      await screen.findByRole('button', { name: 'Pause bronze-events' }),
    ).toBeDisabled();
    expect(
      screen.getByRole('button', { name: 'Restart bronze-events' }),
    ).toBeEnabled();
    expect(screen.getByText(/naap\.connector\.pause/)).toBeInTheDocument();
  });

  it('says what failed, what is not as declared and who does not answer', async () => {
    renderSection({
      rows: [
        {
          ...EVENTS,
          state: 'failed',
          error: 'NoSuchBucket',
          drift: [{ what: 'tasks.max', is: '2', should: '1' }],
        },
      ],
      problems: ['Kafka has not answered in 10 s'],
    });
    expect(await screen.findByText('NoSuchBucket')).toBeInTheDocument();
    expect(screen.getByText('tasks.max is 2, declared is 1')).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('Kafka has not');
  });

  it('shows dead letters as text, with the reason', async () => {
    renderSection(
      { rows: [EVENTS], deadLetters: 1 },
      {
        total: 1,
        raw_readable: true,
        rows: [
          {
            partition: 0,
            offset: '4',
            at: '2026-01-08T21:49:05.298Z',
            connector: 'bronze-events',
            source: { topic: 'naap.events', partition: 3, offset: '17' },
            stage: 'VALUE_CONVERTER',
            error: 'DataException',
            message: 'no JSON',
            raw_base64: btoa('<b>\u0007'),
            raw_length: 4,
          },
        ],
      },
    );
    expect(await screen.findByRole('alert')).toHaveTextContent('1 record');
    await userEvent.click(
      screen.getByRole('button', { name: 'Show the newest' }),
    );
    expect(await screen.findByText('DataException: no JSON')).toBeVisible();
    expect(screen.getByText('<b>\\u{7}')).toBeVisible();
    expect(
      screen.getByText(/naap\.events\/3, offset 17 · VALUE_CONVERTER/),
    ).toBeVisible();
  });

  it('is not there where no Kafka Connect is configured', async () => {
    renderSection({});
    expect(await screen.findByText('page')).toBeInTheDocument();
    expect(screen.queryByText(/Kafka Connect/)).toBeNull();
  });
});
