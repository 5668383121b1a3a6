import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { EntityTypePicker } from '@backstage/plugin-catalog-react';
import { CatalogFilterBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { useState } from 'react';
import { useLocation } from 'react-router-dom';

/** Orchestrators, whom most who come look for, unless the URL asks for others. */
function TypeFilter() {
  const { search } = useLocation();
  const [initial] = useState(() => {
    const asked = new URLSearchParams(search);
    const others = asked.has('filters[kind]') || asked.has('filters[type]');
    return others ? undefined : 'orchestrator';
  });
  return <EntityTypePicker initialFilter={initial} />;
}

export const catalogModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    CatalogFilterBlueprint.make({
      name: 'type',
      params: { loader: async () => <TypeFilter /> },
    }),
  ],
});
