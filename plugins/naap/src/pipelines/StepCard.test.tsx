import { Entity } from '@backstage/catalog-model';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import {
  NAAP_ANNOTATIONS,
  NaapClient,
  StepInfo,
} from '@naap/plugin-naap-common';
import { screen } from '@testing-library/react';
import { naapApiRef } from '../api/naapApi';
import { NaapShell } from '../NaapShell';
import { rootRouteRef } from '../routes';
import { step } from '../testing/pipelines';
import { StepCard } from './StepCard';

const ENTITY: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'naap-dbt',
    annotations: { [NAAP_ANNOTATIONS.step]: 'build' },
  },
};

function renderCard(rows: StepInfo[]) {
  const client = { steps: async () => ({ rows }) };
  return renderInTestApp(
    <EntityProvider entity={ENTITY}>
      <NaapShell>
        <StepCard />
      </NaapShell>
    </EntityProvider>,
    {
      apis: [[naapApiRef, client as Partial<NaapClient> as NaapClient]],
      config: { backend: { baseUrl: 'http://127.0.0.1:7007' } },
      mountedRoutes: { '/naap': rootRouteRef },
    },
  );
}

describe('StepCard', () => {
  it('has every step that belongs to the component, and no other', async () => {
    await renderCard([
      step(),
      step({ id: 'commit', title: 'Archive KPIs' }),
      step({
        id: 'sync',
        title: 'Sync',
        component: 'component:default/naap-clickhouse-sync',
      }),
    ]);
    expect(
      await screen.findByText('Pipeline step: Build gold'),
    ).toBeInTheDocument();
    expect(screen.getByText('Pipeline step: Archive KPIs')).toBeInTheDocument();
    expect(screen.queryByText(/Sync/)).toBeNull();
    expect(screen.getAllByRole('button', { name: /^Run/ })).toHaveLength(2);
  });

  it('says when nothing brings its step', async () => {
    await renderCard([]);
    expect(
      await screen.findByText('There is no step build'),
    ).toBeInTheDocument();
  });
});
