import { useRouteRef } from '@backstage/frontend-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import {
  modelEntityName,
  orchestratorEntityName,
} from '@naap/plugin-naap-common';
import { useMemo } from 'react';

/** Where the catalog shows an orchestrator or a model; undefined in an app without a catalog. */
export function useEntityLinks(): {
  orchestrator: (address: string) => string | undefined;
  model: (model: string) => string | undefined;
} {
  const entityLink = useRouteRef(entityRouteRef);
  return useMemo(() => {
    const resource = (name: string) =>
      entityLink?.({ kind: 'resource', namespace: 'default', name });
    return {
      orchestrator: address => resource(orchestratorEntityName(address)),
      model: model => resource(modelEntityName(model)),
    };
  }, [entityLink]);
}
