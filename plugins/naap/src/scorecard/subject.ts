import { Entity } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { KpiFilters, NAAP_ANNOTATIONS } from '@naap/plugin-naap-common';
import { useMemo } from 'react';

/** What a scorecard is about: an orchestrator and the models that it ran, or a model and the orchestrators that ran it. */
export interface Subject {
  kind: 'orchestrator' | 'model';
  /** As the events name it. */
  id: string;
  /** What it is broken down by. */
  others: 'orchestrator' | 'model';
  filters: KpiFilters;
  /** ISO 8601, when the events named it last; null: the catalog does not say. */
  lastSeen: string | null;
}

/** The subject that an entity stands for; null for an entity that has no scorecard. */
export function subjectOf(entity: Entity): Subject | null {
  const annotations = entity.metadata.annotations ?? {};
  const lastSeen = annotations[NAAP_ANNOTATIONS.lastSeen] ?? null;
  const orchestrator = annotations[NAAP_ANNOTATIONS.orchestrator];
  if (orchestrator !== undefined) {
    return {
      kind: 'orchestrator',
      id: orchestrator,
      others: 'model',
      filters: { orchestrator: [orchestrator] },
      lastSeen,
    };
  }
  const model = annotations[NAAP_ANNOTATIONS.model];
  return model === undefined
    ? null
    : {
        kind: 'model',
        id: model,
        others: 'orchestrator',
        filters: { model: [model] },
        lastSeen,
      };
}

/** The subject of the entity page. */
export function useSubject(): Subject | null {
  const { entity } = useEntity();
  return useMemo(() => subjectOf(entity), [entity]);
}
