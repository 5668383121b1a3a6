import { KpiFilters, ModelTargets, ScoreKey, ScoreRow } from './contract';
import { InvalidQueryError } from './errors';
import { ReadGroups } from './groups';
import { queryKpis } from './kpiQuery';
import { SlaModelParts, slaScore } from './sla';
import { HourWindow } from './window';

const SCORE_KEYS: ScoreKey[] = ['orchestrator', 'model', 'gpu'];

/** SLA scores by key, in the order of the key. Requests of an unknown orchestrator, model or GPU are never scored. */
export async function queryScores(
  read: ReadGroups,
  readTargets: () => Promise<ModelTargets[]>,
  query: { window: HourWindow; by: ScoreKey; filters?: KpiFilters },
): Promise<ScoreRow[]> {
  const { window, by, filters } = query;
  if (!SCORE_KEYS.includes(by)) {
    throw new InvalidQueryError(
      `There is no score by ${JSON.stringify(by)}; there are ${SCORE_KEYS.join(
        ', ',
      )}`,
    );
  }
  const [rows, targets] = await Promise.all([
    queryKpis(read, {
      window,
      by: by === 'model' ? ['model'] : [by, 'model'],
      filters,
    }),
    readTargets(),
  ]);
  const groups = new Map<string, SlaModelParts[]>();
  for (const row of rows) {
    const key = row[by];
    if (typeof key !== 'string') continue;
    const models = groups.get(key) ?? [];
    models.push({ ...row, model: row.model ?? null });
    groups.set(key, models);
  }
  const byModel = new Map(targets.map(row => [row.model, row]));
  const targetsOf = (model: string | null) => {
    const own = model === null ? undefined : byModel.get(model);
    return {
      fps: own?.fps?.value ?? null,
      startupMs: own?.startup_ms?.value ?? null,
    };
  };
  return [...groups].map(([key, models]) => ({
    key,
    ...slaScore(models, targetsOf),
  }));
}
