import { createApp } from '@backstage/app-defaults';
import { AppRouter, FlatRoutes } from '@backstage/core-app-api';
import { createApiFactory } from '@backstage/core-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { NaapClient } from '@naap/plugin-naap-common';
import { render, screen } from '@testing-library/react';
import { Route } from 'react-router-dom';
import newPlugin from '.';
import { naapApiRef } from './api/naapApi';
import {
  EntityNaapScorecardCard,
  isNaapScorecardAvailable,
  isNaapStepAvailable,
  NaapDefinitionsPage,
  NaapExplorerPage,
  NaapLineagePage,
  NaapPipelinesPage,
  NaapQualityPage,
  naapPlugin,
} from './legacy';
import { answerMeta, freshness, kpiRow } from './testing/answers';

const meta = answerMeta();
const client = {
  freshness: async () => freshness(),
  kpis: async () => ({ meta, rows: [kpiRow({ requests: 100 })] }),
  scores: async () => ({ meta, rows: [] }),
  supply: async () => ({ meta, rows: [] }),
  targets: async () => ({ meta, rows: [] }),
  requests: async () => ({ meta, total: 0, rows: [] }),
  ingestStats: async () => ({ rows: [] }),
  steps: async () => ({ rows: [] }),
  runs: async () => ({ total: 0, rows: [] }),
  lineage: async () => ({ nodes: [], edges: [], parts: [], problems: [] }),
  quarantine: async () => ({ total: 0, rows: [] }),
  dimensions: async () => ({
    meta,
    values: {
      orchestrator: [],
      model: [],
      gateway: [],
      region: [],
      gpu: [],
      pipeline: [],
    },
  }),
} as Partial<NaapClient> as NaapClient;

const config = {
  app: { title: 'Old portal', baseUrl: 'http://localhost' },
  backend: { baseUrl: 'http://localhost' },
};

/** A portal on the old frontend system, as docs/existing-portals.md makes it. */
function renderLegacyApp(path: string) {
  window.history.replaceState({}, '', path);
  const app = createApp({
    configLoader: async () => [{ context: 'test', data: config }],
    plugins: [naapPlugin],
    apis: [
      createApiFactory({ api: naapApiRef, deps: {}, factory: () => client }),
    ],
  });
  const Root = app.createRoot(
    <AppRouter>
      <FlatRoutes>
        <Route path="/naap" element={<NaapExplorerPage />} />
        <Route path="/naap/pipelines" element={<NaapPipelinesPage />} />
        <Route path="/naap/lineage" element={<NaapLineagePage />} />
        <Route path="/naap/quality" element={<NaapQualityPage />} />
        <Route path="/naap/definitions" element={<NaapDefinitionsPage />} />
      </FlatRoutes>
    </AppRouter>,
  );
  return render(<Root />);
}

const tile = () =>
  screen.findByRole(
    'article',
    { name: /Inference failure rate/ },
    { timeout: 20_000 },
  );

describe('the plugin in both frontend systems of Backstage', () => {
  it('draws the Explorer in a legacy app', async () => {
    renderLegacyApp('/naap');
    expect(await tile()).toBeInTheDocument();
    expect(screen.getByText('Explorer')).toBeInTheDocument();
  });

  it('draws the Explorer in a new app', async () => {
    renderTestApp({
      features: [newPlugin],
      apis: [[naapApiRef, client]],
      config,
      initialRouteEntries: ['/naap'],
    });
    expect(await tile()).toBeInTheDocument();
  });

  it.each([
    ['/naap/pipelines', 'No steps'],
    ['/naap/lineage', 'No lineage yet'],
    ['/naap/quality', 'Quarantine'],
    ['/naap/definitions', 'SLA score'],
  ])('draws %s in a legacy app', async (path, text) => {
    renderLegacyApp(path);
    const [found] = await screen.findAllByText(text, {}, { timeout: 20_000 });
    expect(found).toBeInTheDocument();
  });

  it('knows the entities that its parts are for', () => {
    const entity = (annotations: Record<string, string>) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: { name: 'x', annotations },
    });
    const orchestrator = entity({ 'naap.livepeer.org/orchestrator': '0x1' });
    const step = entity({ 'naap.livepeer.org/step': 'build' });
    expect(isNaapScorecardAvailable(orchestrator)).toBe(true);
    expect(isNaapScorecardAvailable(step)).toBe(false);
    expect(isNaapStepAvailable(step)).toBe(true);
    expect(EntityNaapScorecardCard).toBeDefined();
  });
});
