/** Annotations of the entities that the platform brings to the catalog; declared in its catalog model layer. */
export const NAAP_ANNOTATIONS = {
  /** Address of an orchestrator, as the events name it. */
  orchestrator: 'naap.livepeer.org/orchestrator',
  /** What the operator of an orchestrator is called, as people told. */
  operator: 'naap.livepeer.org/operator',
  /** Id of an AI model, as the events name it. */
  model: 'naap.livepeer.org/model',
  /** Step of the pipeline that belongs to a component. */
  step: 'naap.livepeer.org/step',
  /** Node of the lineage that an entity stands for. */
  lineageNode: 'naap.livepeer.org/lineage-node',
  /** Day (UTC) on which the events named it last: by the day, so that an entity changes once a day at most. */
  lastSeen: 'naap.livepeer.org/last-seen',
  /** `true` while the events have not named it for 30 days. */
  silent: 'naap.livepeer.org/silent',
} as const;
