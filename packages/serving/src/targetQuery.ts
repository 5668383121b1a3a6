import { Database } from './database';
import { allOf, Conditions } from './conditions';
import { ModelTarget, ModelTargets } from './contract';
import { keyOrder } from './groups';
import { afterKey, upToKey } from './order';
import { PageAsk, Part, readPage } from './page';
import { bucketMidValue } from './statistics';
import { TimeWindow } from './window';

const DAY = 86_400_000;

export const MODEL_ORDER = keyOrder(['model']);

/** The network's past stands in for a missing target from this many values on. */
const MIN_MEDIAN_VALUES = 30;

type Medians = Partial<Record<'output_fps_fed' | 'startup_ms', number>>;

/** The network's medians by model over the seven full UTC days before the window. */
async function readMedians(
  database: Database,
  window: TimeWindow,
  models: Conditions,
): Promise<Map<string, Medians>> {
  const medians = new Map<string, Medians>();
  // A window from the beginning has nothing before it.
  if (window.from === null) return medians;
  const to = Math.floor(window.from / DAY) * DAY;
  const rows = await database.rows<[string, keyof Medians, number]>(
    `SELECT model, metric, quantileExactWeighted(0.5)(bucket, n) FROM naap.kpi_latency_hourly
WHERE hour >= toDateTime({from:UInt32}, 'UTC') AND hour < toDateTime({to:UInt32}, 'UTC')
  AND metric IN ('output_fps_fed', 'startup_ms') AND model IS NOT NULL AND ${models.sql}
GROUP BY model, metric HAVING sum(n) >= ${MIN_MEDIAN_VALUES}`,
    {
      ...models.parameters,
      from: Math.max(0, to - 7 * DAY) / 1000,
      to: to / 1000,
    },
  );
  for (const [model, metric, bucket] of rows) {
    medians.set(model, {
      ...medians.get(model),
      [metric]: bucketMidValue(metric, bucket),
    });
  }
  return medians;
}

function target(
  table: number | null,
  median: number | undefined,
): ModelTarget | null {
  if (table !== null) return { value: table, source: 'table' };
  return median === undefined
    ? null
    : { value: median, source: 'network_median' };
}

/**
 * Targets of every model for a window, in the order of the models: from the table, else the network's median
 * (docs/kpis.md §4). Prompt-to-first-frame has none but that of the table.
 */
export async function queryTargets(
  database: Database,
  window: TimeWindow,
  page: PageAsk,
): Promise<Part<ModelTargets>> {
  const { rows, more } = await readPage<
    [
      model: string,
      fps: number | null,
      ptffMs: number | null,
      startupMs: number | null,
    ]
  >(database, {
    select: ['model', 'target_fps', 'target_ptff_ms', 'target_startup_ms'],
    from: 'naap.dim_models',
    where: { sql: '1', parameters: {} },
    order: MODEL_ORDER,
    page,
  });
  const last = rows.at(-1);
  if (!last) return { rows: [], more };
  const medians = await readMedians(
    database,
    window,
    allOf(
      page.after && afterKey(MODEL_ORDER, page.after),
      upToKey(MODEL_ORDER, [last[0]]),
    ),
  );
  return {
    rows: rows.map(([model, fps, ptffMs, startupMs]) => {
      const past = medians.get(model);
      return {
        model,
        fps: target(fps, past?.output_fps_fed),
        ptff_ms: target(ptffMs, undefined),
        startup_ms: target(startupMs, past?.startup_ms),
      };
    }),
    more,
  };
}
