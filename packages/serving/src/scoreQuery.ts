import {
  KpiDimension,
  KpiRow,
  ModelTargets,
  ScoreKey,
  ScoreRow,
} from './contract';
import { InvalidQueryError } from './errors';
import { SlaModelParts, slaScore } from './sla';

const SCORE_KEYS: ScoreKey[] = ['orchestrator', 'model', 'gpu'];

/** SLA scores by key, in the order of the key. Requests of an unknown orchestrator, model or GPU are never scored. */
export async function queryScores(
  by: ScoreKey,
  read: {
    kpis: (by: KpiDimension[]) => Promise<KpiRow[]>;
    targets: () => Promise<ModelTargets[]>;
  },
): Promise<ScoreRow[]> {
  if (!SCORE_KEYS.includes(by)) {
    throw new InvalidQueryError(
      `There is no score by ${JSON.stringify(by)}; there are ${SCORE_KEYS.join(
        ', ',
      )}`,
    );
  }
  const [rows, targets] = await Promise.all([
    read.kpis(by === 'model' ? ['model'] : [by, 'model']),
    read.targets(),
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
