import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { NAAP_ANNOTATIONS } from '@naap/plugin-naap-common';
import { naapApi } from './api/naapApi';
import { NaapShell } from './NaapShell';
import { PAGE_ICONS, PAGE_TITLES } from './pages';
import {
  compareRouteRef,
  definitionsRouteRef,
  lineageRouteRef,
  pipelinesRouteRef,
  qualityRouteRef,
  requestRouteRef,
  rootRouteRef,
  runRouteRef,
} from './routes';

const explorerPage = PageBlueprint.make({
  params: {
    path: '/naap',
    routeRef: rootRouteRef,
    loader: () => import('./NaapRouter').then(m => <m.NaapRouter />),
  },
});

const pipelinesPage = PageBlueprint.make({
  name: 'pipelines',
  params: {
    path: '/naap/pipelines',
    title: PAGE_TITLES.pipelines,
    icon: PAGE_ICONS.pipelines,
    routeRef: pipelinesRouteRef,
    loader: () =>
      import('./pipelines/PipelinesRouter').then(m => <m.PipelinesRouter />),
  },
});

const lineagePage = PageBlueprint.make({
  name: 'lineage',
  params: {
    path: '/naap/lineage',
    title: PAGE_TITLES.lineage,
    icon: PAGE_ICONS.lineage,
    routeRef: lineageRouteRef,
    loader: () =>
      import('./lineage/LineagePage').then(m => (
        <NaapShell page>
          <m.LineagePage />
        </NaapShell>
      )),
  },
});

const qualityPage = PageBlueprint.make({
  name: 'quality',
  params: {
    path: '/naap/quality',
    title: PAGE_TITLES.quality,
    icon: PAGE_ICONS.quality,
    routeRef: qualityRouteRef,
    loader: () =>
      import('./quality/QualityPage').then(m => (
        <NaapShell page>
          <m.QualityPage />
        </NaapShell>
      )),
  },
});

const definitionsPage = PageBlueprint.make({
  name: 'definitions',
  params: {
    path: '/naap/definitions',
    title: PAGE_TITLES.definitions,
    icon: PAGE_ICONS.definitions,
    routeRef: definitionsRouteRef,
    loader: () =>
      import('./definitions/DefinitionsPage').then(m => (
        <NaapShell page>
          <m.DefinitionsPage />
        </NaapShell>
      )),
  },
});

/** Entities that carry an annotation. */
const annotated = <T extends string>(annotation: T) => {
  const path = `metadata.annotations.${annotation}` as const;
  return { [path]: { $exists: true } } as Record<
    typeof path,
    { $exists: true }
  >;
};

/** Orchestrators and models have a scorecard. */
const SCORED = {
  $any: [
    annotated(NAAP_ANNOTATIONS.orchestrator),
    annotated(NAAP_ANNOTATIONS.model),
  ],
};

const scorecardTab = EntityContentBlueprint.make({
  name: 'scorecard',
  params: {
    path: '/scorecard',
    title: 'Scorecard',
    filter: SCORED,
    loader: () =>
      import('./scorecard/ScorecardTab').then(m => (
        <NaapShell>
          <m.ScorecardTab />
        </NaapShell>
      )),
  },
});

const scorecardCard = EntityCardBlueprint.make({
  name: 'scorecard',
  params: {
    filter: SCORED,
    loader: () =>
      import('./scorecard/ScorecardCard').then(m => (
        <NaapShell>
          <m.ScorecardCard />
        </NaapShell>
      )),
  },
});

const stepCard = EntityCardBlueprint.make({
  name: 'step',
  params: {
    filter: annotated(NAAP_ANNOTATIONS.step),
    loader: () =>
      import('./pipelines/StepCard').then(m => (
        <NaapShell>
          <m.StepCard />
        </NaapShell>
      )),
  },
});

export const naapPlugin = createFrontendPlugin({
  pluginId: 'naap',
  title: PAGE_TITLES.explorer,
  icon: PAGE_ICONS.explorer,
  extensions: [
    naapApi,
    explorerPage,
    pipelinesPage,
    lineagePage,
    qualityPage,
    definitionsPage,
    scorecardTab,
    scorecardCard,
    stepCard,
  ],
  routes: {
    root: rootRouteRef,
    request: requestRouteRef,
    compare: compareRouteRef,
    pipelines: pipelinesRouteRef,
    run: runRouteRef,
    lineage: lineageRouteRef,
    quality: qualityRouteRef,
    definitions: definitionsRouteRef,
  },
});
