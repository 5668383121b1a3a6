import {
  createExtensionInput,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { AboutContent } from '@backstage/plugin-catalog';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import {
  EntityCardBlueprint,
  EntityIconLinkBlueprint,
} from '@backstage/plugin-catalog-react/alpha';

function AboutCard() {
  const { entity } = useEntity();
  return (
    <EntityInfoCard title="About">
      <AboutContent entity={entity} />
    </EntityInfoCard>
  );
}

/**
 * The catalog's own card brings the schemas of the scaffolder, which isn't here, and compiles them: pages run no text as
 * code (`backend.csp` of app-config.yaml). Nor is there what its icons lead to: sources, documents, templates.
 */
export const aboutModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    EntityCardBlueprint.makeWithOverrides({
      name: 'about',
      inputs: {
        iconLinks: createExtensionInput([
          EntityIconLinkBlueprint.dataRefs.useProps,
        ]),
      },
      factory: originalFactory =>
        originalFactory({
          type: 'info',
          filter: { $not: { kind: { $in: ['user', 'group'] } } },
          loader: async () => <AboutCard />,
        }),
    }),
  ],
});
