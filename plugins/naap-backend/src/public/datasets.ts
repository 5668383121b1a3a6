import type { KpiFilters, NaapSchemas } from '@naap/plugin-naap-common';
import type { OpenApiDocument, Schema } from '../schema';

type DatasetRow = NaapSchemas['DatasetRow'];

interface Dataset {
  name: string;
  type: NaapSchemas['DatasetType'];
  path: string;
  /** What the address asks for beside the workflow. */
  query?: string;
  /** Schema of its rows; its properties are the columns. */
  row: string;
}

const DATASETS: Dataset[] = [
  {
    name: 'kpis',
    type: 'aggregates',
    path: '/kpis',
    query: 'by=hour,orchestrator,model',
    row: 'KpiRow',
  },
  { name: 'requests', type: 'facts', path: '/requests', row: 'RequestRow' },
  { name: 'gpus', type: 'aggregates', path: '/gpus', row: 'GpuRow' },
  { name: 'swaps', type: 'aggregates', path: '/swaps', row: 'SwapRow' },
  {
    name: 'availability',
    type: 'aggregates',
    path: '/availability',
    query: 'by=hour,orchestrator',
    row: 'AvailabilityRow',
  },
  {
    name: 'scores',
    type: 'scores',
    path: '/scores',
    query: 'by=orchestrator',
    row: 'ScoreRow',
  },
  { name: 'targets', type: 'scores', path: '/targets', row: 'ModelTargets' },
  {
    name: 'supply',
    type: 'supply',
    path: '/supply',
    query: 'by=hour,orchestrator,model',
    row: 'SupplyRow',
  },
  {
    name: 'orchestrators',
    type: 'inventory',
    path: '/inventory',
    row: 'OrchestratorInfo',
  },
  { name: 'models', type: 'inventory', path: '/inventory', row: 'ModelInfo' },
  {
    name: 'contested',
    type: 'inventory',
    path: '/contested',
    row: 'ContestedUrl',
  },
  { name: 'deploys', type: 'inventory', path: '/inventory', row: 'DeployRow' },
  {
    name: 'gpu-metrics',
    type: 'aggregates',
    path: '/gpu/metrics',
    row: 'GpuMetricsRow',
  },
  {
    name: 'network-demand',
    type: 'aggregates',
    path: '/network/demand',
    row: 'DemandRow',
  },
  {
    name: 'network-capacity',
    type: 'supply',
    path: '/network/demand',
    row: 'CapacityRow',
  },
  {
    name: 'sla-compliance',
    type: 'scores',
    path: '/sla/compliance',
    row: 'ComplianceRow',
  },
];

function columnsOf(
  schemas: Record<string, Schema>,
  schema: Schema,
): DatasetRow['columns'] {
  if (schema.$ref) {
    return columnsOf(schemas, schemas[schema.$ref.split('/').pop()!]);
  }
  return [
    ...(schema.allOf ?? []).flatMap(part => columnsOf(schemas, part)),
    ...Object.entries(schema.properties ?? {}).map(([name, column]) => ({
      name,
      type: [column.type ?? 'object'].flat().join(' or '),
      description: column.description ?? null,
    })),
  ];
}

/**
 * Rows of `GET /datasets`, described as the OpenAPI document does. With a workflow only those that can be limited to
 * it, at the address that does so.
 *
 * @param options.rows - how many rows a dataset has, by name, where that is known
 */
export function datasetRows(options: {
  document: OpenApiDocument;
  /** Path of the API on this host. */
  baseUrl: string;
  workflow?: { name: string; filters: KpiFilters };
  type?: string;
  firstHour: string | null;
  lastHour: string | null;
  refreshedAt: string | null;
  rows: Record<string, number>;
}): DatasetRow[] {
  const { document, workflow, type } = options;
  return DATASETS.filter(dataset => !type || dataset.type === type).flatMap(
    dataset => {
      const { get } = document.paths[dataset.path];
      const parameters = new Set(
        get.parameters?.map(p => p.name ?? p.$ref?.split('/').pop()),
      );
      const search = new URLSearchParams(dataset.query);
      if (workflow && parameters.has('workflow')) {
        search.set('workflow', workflow.name);
      } else if (workflow) {
        const [[filter]] = Object.entries(workflow.filters);
        if (!parameters.has(filter)) return [];
        search.set(filter, workflow.name);
      }
      const query = search.toString();
      return {
        name: dataset.name,
        type: dataset.type,
        description: get.summary,
        columns: columnsOf(
          document.components.schemas,
          document.components.schemas[dataset.row],
        ),
        first_hour: options.firstHour,
        last_hour: options.lastHour,
        rows: options.rows[dataset.name] ?? null,
        url: `${options.baseUrl}${dataset.path}${query ? `?${query}` : ''}`,
        formats: ['application/json'],
        access: get.security ? 'public' : 'token',
        license: document.info.license.name,
        refreshed_at: options.refreshedAt,
      };
    },
  );
}
