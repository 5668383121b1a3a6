import { Database } from './database';
import { DeployRow, ModelInfo, OrchestratorInfo } from './contract';
import { OneList } from './pageOfLists';
import { Ordered } from './order';
import { readPage } from './page';
import { isoTime } from './window';

const MOST_LISTED = 100;

const ALL = { sql: '1', parameters: {} };

const ascending = (
  column: string,
  kind: Ordered['kind'] = 'text',
): Ordered => ({
  column,
  kind,
  direction: 'ASC',
});

/** The beginning of a list that is kept as JSON. */
export const firstHundred = (column: string) =>
  `arraySlice(JSONExtract(${column}, 'Array(String)'), 1, ${MOST_LISTED})`;

/** Every orchestrator and model of the events, with the versions of the runners, each in the order of its names. */
export function inventoryLists(database: Database): {
  orchestrators: OneList<OrchestratorInfo>;
  models: OneList<ModelInfo>;
  deploys: OneList<DeployRow>;
} {
  const ofOrchestrators = [ascending('orchestrator')];
  const ofModels = [ascending('model')];
  const ofDeploys = [
    ascending('orchestrator'),
    ascending('model'),
    ascending('first_seen_at', 'time'),
    ascending('runner_version'),
  ];
  return {
    orchestrators: {
      order: ofOrchestrators,
      keyOf: ({ orchestrator }) => [orchestrator],
      read: async page => {
        const { rows, more } = await readPage<
          [
            orchestrator: string,
            uris: string[],
            gpus: string[],
            models: string[],
            firstMs: number | null,
            lastMs: number | null,
            version: string | null,
            name: string | null,
            contact: string | null,
            stakeLpt: string | null,
          ]
        >(database, {
          select: [
            'orchestrator',
            ...['uris', 'gpus', 'models'].map(firstHundred),
            'toUnixTimestamp64Milli(first_seen_at)',
            'toUnixTimestamp64Milli(last_seen_at)',
            'capability_version',
            'operator_name',
            'operator_contact',
            'toString(stake_lpt)',
          ],
          from: 'naap.dim_orchestrators',
          where: ALL,
          order: ofOrchestrators,
          page,
        });
        return {
          rows: rows.map(
            ([
              orchestrator,
              uris,
              gpus,
              models,
              firstMs,
              lastMs,
              version,
              name,
              contact,
              stakeLpt,
            ]) => ({
              orchestrator,
              uris,
              gpus,
              models,
              first_seen_at: isoTime(firstMs),
              last_seen_at: isoTime(lastMs),
              version,
              name,
              contact,
              stake_lpt: stakeLpt,
            }),
          ),
          more,
        };
      },
    },
    models: {
      order: ofModels,
      keyOf: ({ model }) => [model],
      read: async page => {
        const { rows, more } = await readPage<
          [
            model: string,
            pipeline: string | null,
            firstMs: number | null,
            lastMs: number | null,
            flopsPerFrame: number | null,
          ]
        >(database, {
          select: [
            'model',
            'pipeline',
            'toUnixTimestamp64Milli(first_seen_at)',
            'toUnixTimestamp64Milli(last_seen_at)',
            'flops_per_frame',
          ],
          from: 'naap.dim_models',
          where: ALL,
          order: ofModels,
          page,
        });
        return {
          rows: rows.map(
            ([model, pipeline, firstMs, lastMs, flopsPerFrame]) => ({
              model,
              pipeline,
              first_seen_at: isoTime(firstMs),
              last_seen_at: isoTime(lastMs),
              flops_per_frame: flopsPerFrame,
            }),
          ),
          more,
        };
      },
    },
    deploys: {
      order: ofDeploys,
      keyOf: ({ orchestrator, model, first_seen_at: at, version }) => [
        orchestrator,
        model,
        Date.parse(at),
        version,
      ],
      read: async page => {
        const { rows, more } = await readPage<[string, string, string, number]>(
          database,
          {
            select: [
              'orchestrator',
              'model',
              'runner_version',
              'toUnixTimestamp64Milli(first_seen_at)',
            ],
            from: 'naap.dim_deploys',
            where: ALL,
            order: ofDeploys,
            page,
          },
        );
        return {
          rows: rows.map(([orchestrator, model, version, firstMs]) => ({
            orchestrator,
            model,
            version,
            first_seen_at: isoTime(firstMs),
          })),
          more,
        };
      },
    },
  };
}
