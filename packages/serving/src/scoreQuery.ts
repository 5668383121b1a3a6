import { mapInSlices } from '@naap/system';
import {
  KpiDimension,
  KpiRow,
  ModelTargets,
  ScoreKey,
  ScoreRow,
} from './contract';
import { Key } from './cursor';
import { keysOf } from './dimensions';
import { InvalidQueryError } from './errors';
import { PageAsk, Part } from './page';
import { SlaModelParts, slaScore } from './sla';

const SCORE_KEYS: ScoreKey[] = ['orchestrator', 'model', 'gpu'];

/** Some rows after a key, in their order. */
type ReadAfter<Row> = (after: Key | null) => Promise<Part<Row>>;

/** All rows after a key, part by part, as long as they are wanted. */
async function* allAfter<Row>(
  read: ReadAfter<Row>,
  keyOf: (row: Row) => Key,
  start: Key | null,
): AsyncGenerator<Row> {
  let after = start;
  for (;;) {
    const { rows, more } = await read(after);
    yield* rows;
    const last = rows.at(-1);
    if (!more || !last) return;
    after = keyOf(last);
  }
}

/** What the score needs of a row: the rest of many need not be kept. */
const partsOf = (row: KpiRow): SlaModelParts => ({
  model: row.model ?? null,
  served: row.served,
  failed: row.failed,
  swapped_served: row.swapped_served,
  complete: row.complete,
  fps_fed_samples: row.fps_fed_samples,
  fps_fed_mean: row.fps_fed_mean,
  jitter_n: row.jitter_n,
  jitter_mean: row.jitter_mean,
  startup_ms: row.startup_ms,
  e2e_ms: row.e2e_ms,
});

/** SLA scores by key, in the order of the key. Requests of an unknown orchestrator, model or GPU are never scored. */
export async function queryScores(
  by: ScoreKey,
  read: {
    kpis: (by: KpiDimension[]) => ReadAfter<KpiRow>;
    targets: ReadAfter<ModelTargets>;
  },
  { limit, after }: PageAsk,
): Promise<Part<ScoreRow>> {
  if (!SCORE_KEYS.includes(by)) {
    throw new InvalidQueryError(
      `There is no score by ${JSON.stringify(by)}; there are ${SCORE_KEYS.join(
        ', ',
      )}`,
    );
  }
  const keys: KpiDimension[] = by === 'model' ? ['model'] : [by, 'model'];
  // Behind a key with no model comes the next key.
  const start = after && keys.map((_, i) => (i === 0 ? after[0] : null));
  const groups = new Map<string, SlaModelParts[]>();
  let more = false;
  const rows = allAfter(read.kpis(keys), row => keysOf(keys, row), start);
  for await (const row of rows) {
    const key = row[by];
    // What has no key comes last.
    if (typeof key !== 'string') break;
    // Who was only paid, or went on with what began before, has nothing to be scored.
    if (row.requests === 0 && row.fps_samples === 0) continue;
    const known = groups.get(key);
    if (!known && groups.size === limit) {
      more = true;
      break;
    }
    groups.set(key, known ?? []);
    groups.get(key)!.push(partsOf(row));
  }

  const models = new Set([...groups.values()].flat().map(({ model }) => model));
  const targets = new Map<string, ModelTargets>();
  for await (const own of allAfter(
    read.targets,
    ({ model }) => [model],
    null,
  )) {
    if (models.has(own.model)) targets.set(own.model, own);
  }
  const targetsOf = (model: string | null) => {
    const own = model === null ? undefined : targets.get(model);
    return {
      fps: own?.fps?.value ?? null,
      startupMs: own?.startup_ms?.value ?? null,
    };
  };
  return {
    rows: await mapInSlices([...groups], ([key, parts]) => ({
      key,
      ...slaScore(parts, targetsOf),
    })),
    more,
  };
}
