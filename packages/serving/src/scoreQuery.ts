import { Database } from './client';
import { KpiFilters, ScoreKey, ScoreRow } from './contract';
import { InvalidQueryError } from './errors';
import { queryKpis } from './kpiQuery';
import { SlaModelParts, slaScore, SlaTargets } from './sla';
import { bucketMidValue } from './statistics';
import { HourWindow } from './window';

const DAY = 86_400_000;
const SCORE_KEYS: ScoreKey[] = ['orchestrator', 'model', 'gpu'];

/** The network's past stands in for a missing target from this many values on. */
const MIN_MEDIAN_VALUES = 30;

async function readTargets(
  database: Database,
): Promise<Map<string, SlaTargets>> {
  const rows = await database.rows<[string, number | null, number | null]>(
    'SELECT model, target_fps, target_startup_ms FROM naap.dim_models',
  );
  return new Map(
    rows.map(([model, fps, startupMs]) => [model, { fps, startupMs }]),
  );
}

/** The network's medians by model over the seven full UTC days before the window. */
async function readMedians(
  database: Database,
  window: HourWindow,
): Promise<Map<string, SlaTargets>> {
  const medians = new Map<string, SlaTargets>();
  // A window from the beginning has nothing before it.
  if (window.from === null) return medians;
  const to = Math.floor(window.from / DAY) * DAY;
  const rows = await database.rows<[string, string, number]>(
    `SELECT model, metric, quantileExactWeighted(0.5)(bucket, n) FROM naap.kpi_latency_hourly
WHERE hour >= toDateTime({from:UInt32}, 'UTC') AND hour < toDateTime({to:UInt32}, 'UTC')
  AND metric IN ('output_fps_fed', 'startup_ms') AND model IS NOT NULL
GROUP BY model, metric HAVING sum(n) >= ${MIN_MEDIAN_VALUES}`,
    { from: Math.max(0, to - 7 * DAY) / 1000, to: to / 1000 },
  );
  for (const [model, metric, bucket] of rows) {
    const targets = medians.get(model) ?? { fps: null, startupMs: null };
    const value = bucketMidValue(metric, bucket);
    medians.set(
      model,
      metric === 'startup_ms'
        ? { ...targets, startupMs: value }
        : { ...targets, fps: value },
    );
  }
  return medians;
}

/** SLA scores by key, in the order of the key. Requests of an unknown orchestrator, model or GPU are never scored. */
export async function queryScores(
  database: Database,
  window: HourWindow,
  by: ScoreKey,
  filters?: KpiFilters,
): Promise<ScoreRow[]> {
  if (!SCORE_KEYS.includes(by)) {
    throw new InvalidQueryError(
      `There is no score by ${JSON.stringify(by)}; there are ${SCORE_KEYS.join(
        ', ',
      )}`,
    );
  }
  const [rows, targets, medians] = await Promise.all([
    queryKpis(database, {
      window,
      by: by === 'model' ? ['model'] : [by, 'model'],
      filters,
    }),
    readTargets(database),
    readMedians(database, window),
  ]);
  const groups = new Map<string, SlaModelParts[]>();
  for (const row of rows) {
    const key = row[by];
    if (typeof key !== 'string') continue;
    const models = groups.get(key) ?? [];
    models.push({ ...row, model: row.model ?? null });
    groups.set(key, models);
  }
  const targetsOf = (model: string | null): SlaTargets => {
    const own = model === null ? undefined : targets.get(model);
    const past = model === null ? undefined : medians.get(model);
    return {
      fps: own?.fps ?? past?.fps ?? null,
      startupMs: own?.startupMs ?? past?.startupMs ?? null,
    };
  };
  return [...groups].map(([key, models]) => ({
    key,
    ...slaScore(models, targetsOf),
  }));
}
