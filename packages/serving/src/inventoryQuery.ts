import { Database } from './client';
import {
  DeployRow,
  InventoryAnswer,
  ModelInfo,
  OrchestratorInfo,
} from './contract';
import { isoTime } from './window';

/** Every orchestrator and model of the events, with the versions of the runners, each in the order of its names. */
export async function queryInventory(
  database: Database,
): Promise<Omit<InventoryAnswer, 'meta' | 'next'>> {
  const [orchestrators, models, deploys] = await Promise.all([
    database.rows<
      [
        orchestrator: string,
        uris: string,
        gpus: string,
        models: string,
        firstMs: number | null,
        lastMs: number | null,
        version: string | null,
      ]
    >(
      `SELECT orchestrator, uris, gpus, models, toUnixTimestamp64Milli(first_seen_at), toUnixTimestamp64Milli(last_seen_at),
  capability_version FROM naap.dim_orchestrators ORDER BY orchestrator`,
    ),
    database.rows<
      [
        model: string,
        pipeline: string | null,
        firstMs: number | null,
        lastMs: number | null,
        flopsPerFrame: number | null,
      ]
    >(
      `SELECT model, pipeline, toUnixTimestamp64Milli(first_seen_at), toUnixTimestamp64Milli(last_seen_at), flops_per_frame
FROM naap.dim_models ORDER BY model`,
    ),
    database.rows<[string, string, string, number]>(
      `SELECT orchestrator, model, runner_version, toUnixTimestamp64Milli(first_seen_at)
FROM naap.dim_deploys ORDER BY orchestrator, model, first_seen_at, runner_version`,
    ),
  ]);
  return {
    orchestrators: orchestrators.map(
      ([
        orchestrator,
        uris,
        gpus,
        listed,
        firstMs,
        lastMs,
        version,
      ]): OrchestratorInfo => ({
        orchestrator,
        uris: JSON.parse(uris),
        gpus: JSON.parse(gpus),
        models: JSON.parse(listed),
        first_seen_at: isoTime(firstMs),
        last_seen_at: isoTime(lastMs),
        version,
      }),
    ),
    models: models.map(
      ([model, pipeline, firstMs, lastMs, flopsPerFrame]): ModelInfo => ({
        model,
        pipeline,
        first_seen_at: isoTime(firstMs),
        last_seen_at: isoTime(lastMs),
        flops_per_frame: flopsPerFrame,
      }),
    ),
    deploys: deploys.map(
      ([orchestrator, model, version, firstMs]): DeployRow => ({
        orchestrator,
        model,
        version,
        first_seen_at: isoTime(firstMs),
      }),
    ),
  };
}
