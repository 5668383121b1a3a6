import {
  createCatalogModelLayer,
  defaultCatalogEntityModel,
} from '@backstage/catalog-model/alpha';
import { NAAP_ANNOTATIONS, STEP_IDS } from '@naap/plugin-naap-common';

/** Our annotations, declared. */
const annotationsLayer = createCatalogModelLayer({
  layerId: 'naap.livepeer.org/annotations',
  builder: model => {
    model.addAnnotation({
      name: NAAP_ANNOTATIONS.orchestrator,
      title: 'Orchestrator',
      description: 'Address of an orchestrator, as the events name it.',
    });
    model.addAnnotation({
      name: NAAP_ANNOTATIONS.operator,
      title: 'Operator',
      description: 'Who runs the orchestrator, as people told.',
    });
    model.addAnnotation({
      name: NAAP_ANNOTATIONS.model,
      title: 'AI model',
      description: 'Id of an AI model, as the events name it.',
    });
    model.addAnnotation({
      name: NAAP_ANNOTATIONS.step,
      title: 'Pipeline step',
      description: 'Step of the pipeline that belongs to the component.',
      schema: { jsonSchema: { type: 'string', enum: [...STEP_IDS] } },
    });
    model.addAnnotation({
      name: NAAP_ANNOTATIONS.lineageNode,
      title: 'Lineage node',
      description: 'Node of the lineage that the entity stands for.',
    });
    model.addAnnotation({
      name: NAAP_ANNOTATIONS.lastSeen,
      title: 'Last seen',
      description: 'Day (UTC) on which the events named it last.',
      schema: {
        jsonSchema: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
      },
    });
    model.addAnnotation({
      name: NAAP_ANNOTATIONS.silent,
      title: 'Silent',
      description: 'The events have not named it for 30 days.',
      schema: { jsonSchema: { type: 'string', enum: ['true'] } },
    });
  },
});

/**
 * The catalog model with our annotations. Once anybody brings a layer the catalog knows nothing else, so Backstage's own
 * kinds are among them; that others bring them too does no harm.
 */
export const naapModelLayers = [defaultCatalogEntityModel, annotationsLayer];
