import { createApp } from '@backstage/app-defaults';
import { AppRouter, FlatRoutes } from '@backstage/core-app-api';
import { createApiFactory } from '@backstage/core-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { NaapClient, naapPermissions } from '@naap/plugin-naap-common';
import { render, screen } from '@testing-library/react';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReactNode } from 'react';
import { Route } from 'react-router-dom';
import newPlugin from '.';
import { naapApiRef } from './api/naapApi';
import * as legacy from './legacy';
import {
  EntityNaapScorecardCard,
  EntityNaapStepCard,
  isNaapScorecardAvailable,
  isNaapStepAvailable,
  NaapDefinitionsPage,
  NaapExplorerPage,
  NaapLineagePage,
  NaapPipelinesPage,
  NaapQualityPage,
  naapPlugin,
} from './legacy';
import { answerMeta, freshness, ingestAnswer, kpiRow } from './testing/answers';

const meta = answerMeta();
const client = {
  freshness: async () => freshness(),
  kpis: async () => ({ meta, rows: [kpiRow({ requests: 100 })], next: null }),
  scores: async () => ({ meta, rows: [], next: null }),
  supply: async () => ({ meta, rows: [], next: null }),
  targets: async () => ({ meta, rows: [], next: null }),
  requests: async () => ({ meta, total: 0, rows: [], next: null }),
  ingestStats: async () => ingestAnswer(),
  steps: async () => ({ rows: [] }),
  runs: async () => ({ total: 0, rows: [], next: null }),
  lineage: async () => ({
    nodes: [],
    edges: [],
    parts: [],
    problems: [],
    next: null,
  }),
  quarantine: async () => ({
    total: 0,
    raw_readable: true,
    rows: [],
    next: null,
  }),
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
    totals: {
      orchestrator: 0,
      model: 0,
      gateway: 0,
      region: 0,
      gpu: 0,
      pipeline: 0,
    },
    next: null,
  }),
} as Partial<NaapClient> as NaapClient;

const config = {
  app: { title: 'Old portal', baseUrl: 'http://localhost' },
  backend: { baseUrl: 'http://localhost' },
};

const entity = (annotations: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: { name: 'x', annotations },
});

/** A portal on the old frontend system, as docs/existing-portals.md makes it. */
function createLegacyApp(children: ReactNode) {
  const app = createApp({
    configLoader: async () => [{ context: 'test', data: config }],
    plugins: [naapPlugin],
    apis: [
      createApiFactory({ api: naapApiRef, deps: {}, factory: () => client }),
    ],
  });
  return app.createRoot(
    <AppRouter>
      <EntityProvider entity={entity({ 'naap.livepeer.org/step': 'build' })}>
        {children}
      </EntityProvider>
    </AppRouter>,
  );
}

function renderLegacyApp(path: string) {
  window.history.replaceState({}, '', path);
  const Root = createLegacyApp(
    <FlatRoutes>
      <Route path="/naap" element={<NaapExplorerPage />} />
      <Route path="/naap/pipelines" element={<NaapPipelinesPage />} />
      <Route path="/naap/lineage" element={<NaapLineagePage />} />
      <Route path="/naap/quality" element={<NaapQualityPage />} />
      <Route path="/naap/definitions" element={<NaapDefinitionsPage />} />
    </FlatRoutes>,
  );
  return render(<Root />);
}

const tile = () =>
  screen.findByRole('article', { name: /Inference failure rate/ });

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
    const [found] = await screen.findAllByText(text);
    expect(found).toBeInTheDocument();
  });

  it('is as docs/existing-portals.md says', () => {
    const docs = readFileSync(
      join(__dirname, '../../../docs/existing-portals.md'),
      'utf8',
    );
    const [, named] =
      /import \{([^}]+)\} from '@naap\/plugin-naap\/legacy'/.exec(
        docs,
      ) as RegExpExecArray;
    named
      .split(',')
      .map(name => name.trim())
      .filter(Boolean)
      .forEach(name => expect(legacy).toHaveProperty(name));
    const added = [...docs.matchAll(/import\('@naap\/([\w-]+)'\)/g)];
    expect(added.length).toBeGreaterThan(0);
    added.forEach(([, name]) => {
      const path = join(__dirname, '../..', name.replace(/^plugin-/, ''));
      expect(existsSync(join(path, 'package.json'))).toBe(true);
    });
    naapPermissions.forEach(({ name }) => {
      const step = /^naap\.pipeline\.(?!read)(\w+)$/.exec(name)?.[1];
      expect(docs).toContain(`\`${step ?? name}\``);
    });
  });

  it('draws the card of a step in a legacy app', async () => {
    const Card = createLegacyApp([<EntityNaapStepCard key="card" />]);
    render(<Card />);
    expect(
      await screen.findByText('There is no step build'),
    ).toBeInTheDocument();
  });

  it('knows the entities that its parts are for', () => {
    const orchestrator = entity({ 'naap.livepeer.org/orchestrator': '0x1' });
    const step = entity({ 'naap.livepeer.org/step': 'build' });
    expect(isNaapScorecardAvailable(orchestrator)).toBe(true);
    expect(isNaapScorecardAvailable(step)).toBe(false);
    expect(isNaapStepAvailable(step)).toBe(true);
    expect(EntityNaapScorecardCard).toBeDefined();
  });
});
