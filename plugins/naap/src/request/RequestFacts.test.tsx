import { renderInTestApp } from '@backstage/frontend-test-utils';
import { RequestEvent, RequestRow } from '@naap/plugin-naap-common';
import { screen } from '@testing-library/react';
import { requestEvent, requestRow } from '../testing/answers';
import { RequestFacts } from './RequestFacts';

const renderFacts = (request: RequestRow, events: RequestEvent[] = []) =>
  renderInTestApp(<RequestFacts request={request} events={events} search="" />);

describe('RequestFacts', () => {
  it('says in words why a contested request is nobody’s', async () => {
    await renderFacts(
      requestRow({ orchestrator: null, orch_uri: null, identity: 'contested' }),
    );
    expect(
      screen.getByText(/Several addresses claim its URL/),
    ).toBeInTheDocument();
    expect(screen.getByTitle(/nobody proves whose it is/)).toHaveTextContent(
      'contested',
    );
  });

  it('counts the restarts of the runner, and says nothing where there was none', async () => {
    const { unmount } = await renderFacts(requestRow({ restarts: 2 }));
    expect(screen.getByText(/2 restarts of the runner/)).toBeInTheDocument();
    unmount();
    await renderFacts(requestRow());
    expect(screen.queryByText(/of the runner/)).not.toBeInTheDocument();
  });

  it('tells excused from harmless errors, and both from those that count', async () => {
    const errors = ['whip disconnected', 'missing next handle', 'GPU lost'];
    await renderFacts(
      requestRow({ error_events: 3 }),
      errors.map((message, i) =>
        requestEvent({
          event_id: `e${i}`,
          type: 'ai_stream_events',
          subtype: 'error',
          message,
        }),
      ),
    );
    expect(
      screen
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent?.split(', ').slice(1).join()),
    ).toEqual([
      'excused: whip disconnected',
      'harmless: missing next handle',
      'not excused: GPU lost',
    ]);
  });
});
