import type {
  LineageAnswer,
  LineageEdge,
  LineageLayer,
  LineageNode,
  LineageNodeAnswer,
} from '../plugins/naap-common/src/api.ts';
import type { Scenario } from './fakeApi.ts';

const NODES: Array<[id: string, layer: LineageLayer, type: string]> = [
  ['source.gateway', 'source', 'process'],
  ['source.simulator', 'source', 'process'],
  ['topic.network_events', 'topic', 'topic'],
  ['process.gate', 'gate', 'process'],
  ['bronze.events', 'bronze', 'iceberg-table'],
  ['bronze.quarantine', 'bronze', 'iceberg-table'],
  ['bronze.batches', 'bronze', 'iceberg-table'],
  ['model.naap.stg_stream_traces', 'silver', 'dbt-model'],
  ['model.naap.stg_stream_statuses', 'silver', 'dbt-model'],
  ['model.naap.stg_capabilities', 'silver', 'dbt-model'],
  ['model.naap.int_requests', 'silver', 'dbt-model'],
  ['seed.naap.model_targets', 'silver', 'dbt-seed'],
  ['model.naap.fct_requests', 'gold', 'dbt-model'],
  ['model.naap.kpi_hourly', 'gold', 'dbt-model'],
  ['model.naap.kpi_latency_hourly', 'gold', 'dbt-model'],
  ['model.naap.unattributed_messages', 'gold', 'dbt-model'],
  ['model.naap.dim_orchestrators', 'gold', 'dbt-model'],
  ['model.naap.dim_models', 'gold', 'dbt-model'],
  ['clickhouse.fct_requests', 'serving', 'clickhouse-table'],
  ['clickhouse.kpi_hourly', 'serving', 'clickhouse-table'],
  ['clickhouse.kpi_latency_hourly', 'serving', 'clickhouse-table'],
  ['clickhouse.dim_orchestrators', 'serving', 'clickhouse-table'],
  ['api.naap', 'consumer', 'api'],
  ['dashboard.scorecard', 'consumer', 'dashboard'],
];

const EDGES = `
source.gateway>topic.network_events source.simulator>topic.network_events topic.network_events>process.gate
process.gate>bronze.events process.gate>bronze.quarantine process.gate>bronze.batches
bronze.events>model.naap.stg_stream_traces bronze.events>model.naap.stg_stream_statuses
bronze.events>model.naap.stg_capabilities model.naap.stg_stream_traces>model.naap.int_requests
model.naap.stg_stream_statuses>model.naap.int_requests model.naap.int_requests>model.naap.fct_requests
model.naap.int_requests>model.naap.unattributed_messages
model.naap.fct_requests>model.naap.kpi_hourly model.naap.fct_requests>model.naap.kpi_latency_hourly
model.naap.stg_capabilities>model.naap.dim_orchestrators seed.naap.model_targets>model.naap.dim_models
model.naap.stg_stream_statuses>model.naap.dim_models model.naap.fct_requests>clickhouse.fct_requests
model.naap.kpi_hourly>clickhouse.kpi_hourly model.naap.kpi_latency_hourly>clickhouse.kpi_latency_hourly
model.naap.dim_orchestrators>clickhouse.dim_orchestrators clickhouse.fct_requests>api.naap
clickhouse.kpi_hourly>api.naap clickhouse.kpi_latency_hourly>api.naap clickhouse.dim_orchestrators>api.naap
api.naap>dashboard.scorecard`;

function edges(): LineageEdge[] {
  return EDGES.trim()
    .split(/\s+/)
    .map(text => {
      const [from, to] = text.split('>');
      return { from, to };
    });
}

function node(
  [id, layer, type]: (typeof NODES)[number],
  scenario: Scenario,
): LineageNode {
  const isBuilt = type === 'dbt-model';
  const isSick = scenario === 'wrong' && id.endsWith('kpi_hourly');
  return {
    id,
    layer,
    type,
    title: id.slice(id.lastIndexOf('.') + 1),
    description: `What ${id} is, in a sentence.`,
    step: isBuilt ? 'build' : null,
    entity: id.includes('stg_')
      ? null
      : {
          kind: 'Resource',
          name: id.replaceAll('.', '-'),
          type,
          tags: [layer],
        },
    detailed: isBuilt || layer === 'serving',
    state:
      layer === 'source'
        ? null
        : {
            updatedAt: new Date(Date.now() - 40_000).toISOString(),
            runId: isBuilt ? 'good' : null,
            ok: isBuilt ? true : null,
            rows: layer === 'topic' ? null : 5021,
            tests: isBuilt
              ? {
                  passed: 12,
                  failed: isSick ? 1 : 0,
                  failing: isSick ? ['unique_kpi_hourly'] : [],
                }
              : null,
          },
  };
}

/** Answers `/lineage` and `/lineage/node`; undefined for any other route and for nodes that there are not. */
export function answerLineage(
  scenario: Scenario,
  path: string,
  params: URLSearchParams,
): LineageAnswer | LineageNodeAnswer | undefined {
  if (path === '/lineage') {
    return scenario === 'empty'
      ? { nodes: [], edges: [], parts: [], problems: [], next: null }
      : {
          nodes: NODES.map(facts => node(facts, scenario)),
          edges: edges(),
          parts: [],
          next: null,
          problems:
            scenario === 'wrong'
              ? [
                  'serving: ClickHouse does not answer, so its tables have no state',
                ]
              : [],
        };
  }
  const facts = NODES.find(([id]) => id === params.get('id'));
  if (path !== '/lineage/node' || !facts) {
    return undefined;
  }
  const isSick = scenario === 'wrong' && facts[0].endsWith('kpi_hourly');
  return {
    node: node(facts, scenario),
    columns: [
      {
        name: 'hour',
        type: 'TIMESTAMP',
        description: 'Start of the UTC hour.',
        from: [{ node: 'model.naap.fct_requests', column: 'hour' }],
      },
      {
        name: 'failed',
        type: 'BIGINT',
        description: 'Requests that count as failed.',
        from: [
          { node: 'model.naap.fct_requests', column: 'outcome' },
          { node: 'model.naap.fct_requests', column: 'reason' },
        ],
      },
      { name: 'one', type: 'INTEGER', description: null, from: [] },
    ],
    sql: "select hour, countif(outcome = 'failed') as failed\nfrom {{ ref('fct_requests') }}\nwhere '<script>window.__hacked=1</script>' <> ''\ngroup by 1\n",
    path: 'dbt/models/gold/kpi_hourly.sql',
    tests: [
      { name: 'not_null_kpi_hourly_hour', passed: true },
      { name: 'unique_kpi_hourly', passed: !isSick },
      { name: 'accepted_values_kpi_hourly_gpu', passed: null },
    ],
  };
}
