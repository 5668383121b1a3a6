import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  DimensionAnswer,
  DimensionQuery,
  NaapClient,
} from '@naap/plugin-naap-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { naapApiRef } from '../api/naapApi';
import { NaapShell } from '../NaapShell';
import { answerMeta, freshness } from '../testing/answers';
import { FilterSelect } from './FilterSelect';

const WINDOW = {
  from: '2026-01-08T00:00:00.000Z',
  to: '2026-01-09T00:00:00.000Z',
};

function answer(values: string[], total: number): DimensionAnswer {
  return {
    meta: answerMeta(),
    values: {
      gateway: values.map(value => ({ value, requests: 1 })),
    } as DimensionAnswer['values'],
    totals: { gateway: total } as DimensionAnswer['totals'],
    next: null,
  };
}

async function renderSelect(busiest: DimensionAnswer) {
  const asked: DimensionQuery[] = [];
  const client = {
    freshness: async () => freshness(),
    dimensions: async (query: DimensionQuery) => {
      asked.push(query);
      return answer(['quiet-gateway'], 1);
    },
  } as Partial<NaapClient> as NaapClient;
  await renderInTestApp(
    <NaapShell page>
      <FilterSelect
        label="Gateway"
        nullLabel="no gateway"
        dimension="gateway"
        window={WINDOW}
        busiest={busiest}
        selected={[]}
        onChange={() => undefined}
      />
    </NaapShell>,
    { apis: [[naapApiRef, client]] },
  );
  await userEvent.click(screen.getByRole('button', { name: /Gateway/ }));
  return asked;
}

describe('a filter', () => {
  it('shows the busiest values, and finds the others by typing', async () => {
    const asked = await renderSelect(answer(['busy-gateway'], 450_000));
    expect(
      screen.getByRole('option', { name: /busy-gateway/ }),
    ).toBeInTheDocument();
    expect(asked).toEqual([]);
    await userEvent.type(
      screen.getByPlaceholderText('Search gateway'),
      'Quiet ',
    );
    expect(
      await screen.findByRole('option', { name: /quiet-gateway/ }),
    ).toBeInTheDocument();
    expect(asked.at(-1)).toEqual({
      ...WINDOW,
      dimension: 'gateway',
      search: 'quiet',
    });
  });

  it('asks nothing where all values are there', async () => {
    const asked = await renderSelect(answer(['one', 'two'], 2));
    await userEvent.type(screen.getByPlaceholderText('Search gateway'), 'tw');
    await waitFor(() =>
      expect(
        screen.queryByRole('option', { name: /one/ }),
      ).not.toBeInTheDocument(),
    );
    expect(screen.getByRole('option', { name: /two/ })).toBeInTheDocument();
    expect(asked).toEqual([]);
  });
});
