import {
  compatWrapper,
  convertLegacyRouteRef,
} from '@backstage/core-compat-api';
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { PluginHeader } from '@backstage/ui';
import { NAAP_ANNOTATIONS, NaapClient } from '@naap/plugin-naap-common';
import { ComponentType } from 'react';
import { naapApiRef } from './api/naapApi';
import { NaapShell } from './NaapShell';
import { PAGE_ICONS, PAGE_TITLES, PageName } from './pages';
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

/**
 * The plugin for portals on the old frontend system of Backstage: the same pages, tab and cards, over
 * `@backstage/core-plugin-api`. Import `@backstage/ui/css/styles.css` in the app. docs/existing-portals.md shows it.
 */
export const naapPlugin = createPlugin({
  id: 'naap',
  apis: [
    createApiFactory({
      api: naapApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) =>
        new NaapClient({ baseUrl: 'plugin://naap/v1', fetch: fetchApi.fetch }),
    }),
  ],
  routes: {
    root: convertLegacyRouteRef(rootRouteRef),
    request: convertLegacyRouteRef(requestRouteRef),
    compare: convertLegacyRouteRef(compareRouteRef),
    pipelines: convertLegacyRouteRef(pipelinesRouteRef),
    run: convertLegacyRouteRef(runRouteRef),
    lineage: convertLegacyRouteRef(lineageRouteRef),
    quality: convertLegacyRouteRef(qualityRouteRef),
    definitions: convertLegacyRouteRef(definitionsRouteRef),
  },
});

/** A page with the header that the new frontend system gives it by itself. */
function page(name: PageName, Content: ComponentType) {
  return function NaapPage() {
    return compatWrapper(
      <>
        <PluginHeader title={PAGE_TITLES[name]} icon={PAGE_ICONS[name]} />
        <Content />
      </>,
    );
  };
}

/** A page that doesn't bring its own shell. */
function shelled(name: PageName, Content: ComponentType) {
  return page(name, () => (
    <NaapShell page>
      <Content />
    </NaapShell>
  ));
}

/** A part of an entity page. */
function part(Content: ComponentType) {
  return function NaapPart() {
    return compatWrapper(
      <NaapShell>
        <Content />
      </NaapShell>,
    );
  };
}

/** Mount at `/naap`; requests and the comparison are below it. */
export const NaapExplorerPage = naapPlugin.provide(
  createRoutableExtension({
    name: 'NaapExplorerPage',
    mountPoint: convertLegacyRouteRef(rootRouteRef),
    component: () =>
      import('./NaapRouter').then(m => page('explorer', m.NaapRouter)),
  }),
);

/** Mount at `/naap/pipelines`; runs are below it. */
export const NaapPipelinesPage = naapPlugin.provide(
  createRoutableExtension({
    name: 'NaapPipelinesPage',
    mountPoint: convertLegacyRouteRef(pipelinesRouteRef),
    component: () =>
      import('./pipelines/PipelinesRouter').then(m =>
        page('pipelines', m.PipelinesRouter),
      ),
  }),
);

/** Mount at `/naap/lineage`. */
export const NaapLineagePage = naapPlugin.provide(
  createRoutableExtension({
    name: 'NaapLineagePage',
    mountPoint: convertLegacyRouteRef(lineageRouteRef),
    component: () =>
      import('./lineage/LineagePage').then(m =>
        shelled('lineage', m.LineagePage),
      ),
  }),
);

/** Mount at `/naap/quality`. */
export const NaapQualityPage = naapPlugin.provide(
  createRoutableExtension({
    name: 'NaapQualityPage',
    mountPoint: convertLegacyRouteRef(qualityRouteRef),
    component: () =>
      import('./quality/QualityPage').then(m =>
        shelled('quality', m.QualityPage),
      ),
  }),
);

/** Mount at `/naap/definitions`. */
export const NaapDefinitionsPage = naapPlugin.provide(
  createRoutableExtension({
    name: 'NaapDefinitionsPage',
    mountPoint: convertLegacyRouteRef(definitionsRouteRef),
    component: () =>
      import('./definitions/DefinitionsPage').then(m =>
        shelled('definitions', m.DefinitionsPage),
      ),
  }),
);

/** Content of the tab of an orchestrator or a model. */
export const EntityNaapScorecardContent = naapPlugin.provide(
  createComponentExtension({
    name: 'EntityNaapScorecardContent',
    component: {
      lazy: () =>
        import('./scorecard/ScorecardTab').then(m => part(m.ScorecardTab)),
    },
  }),
);

/** Card of an orchestrator or a model. */
export const EntityNaapScorecardCard = naapPlugin.provide(
  createComponentExtension({
    name: 'EntityNaapScorecardCard',
    component: {
      lazy: () =>
        import('./scorecard/ScorecardCard').then(m => part(m.ScorecardCard)),
    },
  }),
);

/** Card of a component that a step of the pipeline belongs to. */
export const EntityNaapStepCard = naapPlugin.provide(
  createComponentExtension({
    name: 'EntityNaapStepCard',
    component: {
      lazy: () => import('./pipelines/StepCard').then(m => part(m.StepCard)),
    },
  }),
);

const has = (entity: Entity, annotation: string) =>
  entity.metadata.annotations?.[annotation] !== undefined;

/** Whether an entity has a scorecard. */
export const isNaapScorecardAvailable = (entity: Entity) =>
  has(entity, NAAP_ANNOTATIONS.orchestrator) ||
  has(entity, NAAP_ANNOTATIONS.model);

/** Whether a step of the pipeline belongs to an entity. */
export const isNaapStepAvailable = (entity: Entity) =>
  has(entity, NAAP_ANNOTATIONS.step);
