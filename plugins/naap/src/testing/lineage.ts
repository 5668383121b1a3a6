import { LineageNode } from '@naap/plugin-naap-common';

/** A gold model of which nothing is known. */
export function lineageNode(facts: Partial<LineageNode> = {}): LineageNode {
  return {
    id: 'model.naap.kpi_hourly',
    layer: 'gold',
    type: 'dbt-model',
    title: 'kpi_hourly',
    description: 'KPIs by hour.',
    step: 'build',
    entity: null,
    detailed: true,
    state: null,
    ...facts,
  };
}
