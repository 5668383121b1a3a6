import { renderInTestApp } from '@backstage/frontend-test-utils';
import { KafkaIntake, NaapClient } from '@naap/plugin-naap-common';
import { screen } from '@testing-library/react';
import { naapApiRef } from '../api/naapApi';
import { NaapShell } from '../NaapShell';
import { rootRouteRef } from '../routes';
import { freshness } from '../testing/answers';
import { KafkaSection } from './KafkaSection';

function renderSection(kafka?: KafkaIntake) {
  const client = { freshness: async () => freshness({ kafka }) };
  return renderInTestApp(
    <NaapShell>
      <p>page</p>
      <KafkaSection />
    </NaapShell>,
    {
      apis: [[naapApiRef, client as Partial<NaapClient> as NaapClient]],
      config: { backend: { baseUrl: 'http://127.0.0.1:7007' } },
      mountedRoutes: { '/naap': rootRouteRef },
    },
  );
}

describe('KafkaSection', () => {
  it('shows how far each partition is, and what was wrong', async () => {
    await renderSection({
      alive: false,
      lag: 1200,
      partitions: [
        {
          topic: 'network_events',
          partition: 3,
          position: '9007199254740993',
          end: '9007199254742193',
          lag: 1200,
        },
      ],
      lastError: { at: '2026-01-08T21:49:05.298Z', message: 'No topic' },
    });
    expect(await screen.findByText(/not reached/)).toHaveTextContent(
      /1,200 messages behind at the last look/,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('No topic');
    expect(
      screen.getByRole('row', { name: /network_events\/3 9007199254740993/ }),
    ).toBeInTheDocument();
  });

  it('is not there where no topic is read', async () => {
    await renderSection();
    expect(await screen.findByText('page')).toBeInTheDocument();
    expect(screen.queryByText(/Kafka/)).toBeNull();
  });
});
