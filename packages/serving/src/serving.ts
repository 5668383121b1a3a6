import { setTimeout as delay } from 'timers/promises';
import { AnswerCache } from './answerCache';
import { ReadAvailability } from './availabilityQuery';
import { Database, openDatabase, ServingTarget } from './client';
import {
  AnswerMeta,
  AvailabilityAnswer,
  AvailabilityQuery,
  DimensionAnswer,
  GoldSource,
  GpuAnswer,
  GpuQuery,
  InventoryAnswer,
  KpiAnswer,
  KpiDimension,
  KpiFilters,
  KpiQuery,
  ModelTargets,
  RequestAnswer,
  RequestQuery,
  ScoreAnswer,
  ScoreKey,
  ServedState,
  ServingTable,
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  SyncPlanDay,
  TargetAnswer,
  Window,
} from './contract';
import { queryDimensions } from './dimensionQuery';
import { PublicationInterruptedError } from './errors';
import { queryGpus, readReportedGpus } from './gpuQuery';
import { hotAvailability } from './hotAvailability';
import { ServedDays } from './hotDays';
import { hotGroups } from './hotGroups';
import { hotRequests } from './hotRequests';
import { hotSupply } from './hotSupply';
import { hotSwaps } from './hotSwaps';
import { queryInventory } from './inventoryQuery';
import { ReadGroups } from './groups';
import { queryKpis } from './kpiQuery';
import { migrate } from './migrate';
import { finishPublication } from './publish';
import { ReadRequests } from './requestQuery';
import { queryScores } from './scoreQuery';
import {
  PublishedState,
  readPublishedState,
  readRevisedHours,
} from './servedState';
import { ReadSupply } from './supplyQuery';
import { ReadSwaps } from './swapQuery';
import { planSync, sync, SyncOptions, SyncResult } from './sync';
import { DAY_TABLES, DIMENSION_TABLES } from './tables';
import { queryTargets } from './targetQuery';
import { HourWindow, hourWindow, isoTime, windowState } from './window';

/** How long an answer waits for another process that publishes, and how often it looks. */
const PUBLICATION_PATIENCE_MS = 5_000;
const PUBLICATION_POLL_MS = 25;

const DAY_MS = 86_400_000;

/** What nobody asks for this long is dropped, and how often is looked: memory goes back after a burst. */
const UNUSED_MS = 5 * 60_000;
const TIDY_EVERY_MS = 60_000;

/** The state with the hours (unix ms) that changed after they were final. */
type ServedNumbers = ServedState & { revisedHours: number[] };

async function readExtent(
  database: Database,
): Promise<Pick<ServedNumbers, 'firstHour' | 'lastHour' | 'revisedHours'>> {
  const [[[hours, first, last]], revisedHours] = await Promise.all([
    database.rows<[number, number, number]>(
      'SELECT count(), toUnixTimestamp(min(hour)), toUnixTimestamp(max(hour)) FROM naap.kpi_hourly',
    ),
    readRevisedHours(database),
  ]);
  return {
    firstHour: hours === 0 ? null : isoTime(first * 1000),
    lastHour: hours === 0 ? null : isoTime(last * 1000),
    revisedHours,
  };
}

function meta(served: ServedNumbers, window: HourWindow): AnswerMeta {
  const { revisedHours, ...state } = served;
  const watermark =
    state.watermark === null ? null : Date.parse(state.watermark);
  return {
    ...state,
    freshnessMs: watermark === null ? null : Date.now() - watermark,
    window: {
      from: isoTime(window.from),
      to: isoTime(window.to),
      state: windowState(window, watermark, revisedHours),
    },
  };
}

/** What asks for scores often asks for the KPIs that they are made of. */
const keyOfKpis = (
  window: HourWindow,
  by: KpiDimension[],
  filters: KpiFilters | undefined,
) => JSON.stringify(['kpis', window, by, filters]);

/**
 * The served numbers: filled by `sync`, asked by everything else. Open it once per process: answers are cached per
 * served build. Every answer is of one build; one that a sync overtakes is computed again.
 */
export class Serving {
  readonly #database: Database;
  readonly #cache = new AnswerCache();
  readonly #days: ServedDays;
  readonly #availability: (revision: number) => ReadAvailability;
  readonly #groups: (revision: number) => ReadGroups;
  readonly #requests: (revision: number) => ReadRequests;
  readonly #supply: (revision: number) => ReadSupply;
  readonly #swaps: (revision: number) => ReadSwaps;
  readonly #tidying: NodeJS.Timeout;
  #state: PublishedState;
  #publication: Promise<unknown> | undefined;
  #syncing = false;

  private constructor(database: Database, state: PublishedState) {
    this.#database = database;
    const served = new ServedDays(database);
    this.#days = served;
    this.#availability = hotAvailability(database, served);
    this.#groups = hotGroups(database, served);
    this.#requests = hotRequests(database, served);
    this.#supply = hotSupply(database, served);
    this.#swaps = hotSwaps(database, served);
    this.#state = state;
    this.#tidying = setInterval(() => this.#tidy(), TIDY_EVERY_MS).unref();
  }

  /**
   * Opens ClickHouse in process (`path`) or on a server (`url`), brings its tables up to this version and, in process,
   * ends a publication that a crash interrupted.
   * @throws DirectoryInUseError, ServerUnreachableError, MigrationError
   */
  static async open(target: ServingTarget): Promise<Serving> {
    const database = await openDatabase(target);
    try {
      await migrate(database);
      // On a server another process may be in the middle of it; there the next sync does it.
      const state = database.shared
        ? await readPublishedState(database)
        : await finishPublication(database);
      return new Serving(database, state);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Brings the tables up to this version; `open` has done it. Returns the migrations that were applied. */
  migrate(): Promise<string[]> {
    return migrate(this.#database);
  }

  /** Serves what gold holds now (see `sync`). Rejects when a sync of this object is under way. */
  async sync(gold: GoldSource, options: SyncOptions = {}): Promise<SyncResult> {
    if (this.#syncing) throw new Error('A sync is already running');
    this.#syncing = true;
    try {
      return await sync(this.#database, gold, options, publication =>
        this.#publish(publication),
      );
    } finally {
      this.#syncing = false;
    }
  }

  /**
   * What a sync would replace or drop now, oldest day first; `days` as for the sync.
   * @throws InvalidQueryError for a day that neither gold nor ClickHouse has
   */
  plan(
    gold: GoldSource,
    options: Pick<SyncOptions, 'days'> = {},
  ): Promise<SyncPlanDay[]> {
    return planSync(this.#database, gold, options.days);
  }

  /** The served tables by name, with their rows. */
  async tables(): Promise<ServingTable[]> {
    const rows = await this.#database.rows<[string, number]>(
      `SELECT name, total_rows FROM system.tables
WHERE database = 'naap' AND name IN {names:Array(String)} ORDER BY name`,
      { names: [...DAY_TABLES, ...DIMENSION_TABLES] },
    );
    return rows.map(([name, count]) => ({ name, rows: count }));
  }

  /** KPIs of a window by any dimensions; rows in the order of the dimensions, nulls last. */
  async kpis(query: KpiQuery = {}): Promise<KpiAnswer> {
    const window = hourWindow(query);
    const { by = [], filters } = query;
    return this.#answer(window, keyOfKpis(window, by, filters), revision =>
      queryKpis(this.#groups(revision), { window, by, filters }),
    );
  }

  /** SLA scores of a window, in the order of their key. */
  async scores(
    query: Omit<KpiQuery, 'by'>,
    by: ScoreKey,
  ): Promise<ScoreAnswer> {
    const window = hourWindow(query);
    const { filters } = query;
    return this.#answer(
      window,
      JSON.stringify(['scores', window, by, filters]),
      revision =>
        queryScores(by, {
          kpis: keys =>
            this.#cache.get(revision, keyOfKpis(window, keys, filters), () =>
              queryKpis(this.#groups(revision), { window, by: keys, filters }),
            ),
          targets: () => this.#targets(revision, window),
        }),
    );
  }

  /** Targets of every model for a window, in the order of the models. */
  async targets(query: Window = {}): Promise<TargetAnswer> {
    const window = hourWindow(query);
    return this.#answer(window, JSON.stringify(['targets', window]), revision =>
      this.#targets(revision, window),
    );
  }

  /** They are the same for all windows that begin on a day. */
  #targets(revision: number, window: HourWindow): Promise<ModelTargets[]> {
    const day = window.from && Math.floor(window.from / DAY_MS);
    return this.#cache.get(revision, JSON.stringify(['targets of', day]), () =>
      queryTargets(this.#database, window),
    );
  }

  /** What capability reports tell of, by any dimensions; rows in the order of the dimensions, nulls last. */
  async supply(query: SupplyQuery = {}): Promise<SupplyAnswer> {
    const window = hourWindow(query);
    const { by, filters } = query;
    return this.#answer(
      window,
      JSON.stringify(['supply', window, by, filters]),
      revision => this.#supply(revision)(window, query),
    );
  }

  /** What the scraper found, by any dimensions; rows in the order of the dimensions, nulls last. */
  async availability(
    query: AvailabilityQuery = {},
  ): Promise<AvailabilityAnswer> {
    const window = hourWindow(query);
    const { by, filters } = query;
    return this.#answer(
      window,
      JSON.stringify(['availability', window, by, filters]),
      revision => this.#availability(revision)(window, query),
    );
  }

  /** KPIs by orchestrator and GPU, in their order, nulls last. */
  async gpus(query: GpuQuery = {}): Promise<GpuAnswer> {
    const window = hourWindow(query);
    const { filters, gpuId } = query;
    return this.#answer(
      window,
      JSON.stringify(['gpus', window, filters, gpuId]),
      revision =>
        queryGpus(
          this.#groups(revision),
          () =>
            this.#cache
              .get(revision, 'reported GPUs', async () => [
                await readReportedGpus(this.#database),
              ])
              .then(([reported]) => reported),
          window,
          query,
        ),
    );
  }

  /** Swaps between orchestrators, most first. */
  async swaps(query: Omit<KpiQuery, 'by'> = {}): Promise<SwapAnswer> {
    const window = hourWindow(query);
    const { filters } = query;
    return this.#answer(
      window,
      JSON.stringify(['swaps', window, filters]),
      revision => this.#swaps(revision)(window, filters),
    );
  }

  /** Every orchestrator, model and runner version of the events. */
  async inventory(): Promise<InventoryAnswer> {
    const { meta: about, rows } = await this.#answer(
      hourWindow({}),
      'inventory',
      async () => [await queryInventory(this.#database)],
    );
    return { meta: about, ...rows[0] };
  }

  /** Values of the filter dimensions that occur in a window. */
  async dimensions(query: Window = {}): Promise<DimensionAnswer> {
    const window = hourWindow(query);
    const { meta: about, rows } = await this.#answer(
      window,
      JSON.stringify(['dimensions', window]),
      async () => [await queryDimensions(this.#database, window)],
    );
    return { meta: about, values: rows[0] };
  }

  /** Requests that count, newest first unless asked otherwise. Without `limit` all that match: mind the memory. */
  async requests(query: RequestQuery = {}): Promise<RequestAnswer> {
    const window = hourWindow(query);
    const { served, value } = await this.#consistently(async revision => {
      // All that match may be more than memory holds.
      if (query.limit === undefined) {
        return this.#requests(revision)(window, query);
      }
      const [page] = await this.#cache.get(
        revision,
        JSON.stringify(['requests', { ...query, ...window }]),
        async () => [await this.#requests(revision)(window, query)],
        ([{ rows }]) => rows.length,
      );
      return page;
    });
    return { meta: meta(served, window), ...value };
  }

  /** Where the served numbers stand. */
  async state(): Promise<ServedState> {
    const { served } = await this.#consistently(async () => null);
    const { revisedHours, ...state } = served;
    return state;
  }

  async close(): Promise<void> {
    clearInterval(this.#tidying);
    await this.#publication;
    await this.#database.close();
  }

  #tidy(): void {
    const since = Date.now() - UNUSED_MS;
    this.#cache.dropUnused(since);
    this.#days.dropUnused(since);
    // It costs 20 ms beside this thread; what fails here is tried again.
    this.#database.giveBack().catch(() => {});
  }

  /** Keeps the readers of this process out while the tables are between two builds. */
  async #publish(
    publication: () => Promise<PublishedState>,
  ): Promise<PublishedState> {
    const done = publication();
    const settled = done
      .catch(() => readPublishedState(this.#database))
      .then(state => {
        this.#state = state;
      });
    this.#publication = settled.catch(() => {});
    try {
      await settled;
      return await done;
    } finally {
      this.#publication = undefined;
      // What fails here the next question meets again.
      this.#days.refresh(this.#state.revision).catch(() => {});
    }
  }

  /** The state of the tables when no publication is under way. */
  async #current(): Promise<PublishedState> {
    const deadline = performance.now() + PUBLICATION_PATIENCE_MS;
    for (;;) {
      await this.#publication;
      const state = this.#database.shared
        ? await readPublishedState(this.#database)
        : this.#state;
      if (!state.plan) return state;
      if (!this.#database.shared || performance.now() > deadline) {
        throw new PublicationInterruptedError(
          'The last sync was interrupted while it published. Run the sync again: it goes on where it stopped.',
        );
      }
      await delay(PUBLICATION_POLL_MS);
    }
  }

  /** Reads again until no publication came between. */
  async #consistently<Value>(
    read: (revision: number) => Promise<Value>,
  ): Promise<{ served: ServedNumbers; value: Value }> {
    for (;;) {
      const state = await this.#current();
      const { revision } = state;
      const [value, [extent]] = await Promise.all([
        read(revision),
        this.#cache.get(revision, 'extent', async () => [
          await readExtent(this.#database),
        ]),
      ]);
      if ((await this.#current()).revision === revision) {
        const { build, watermark, simulated, syncedAt } = state;
        return {
          served: { build, watermark, syncedAt, simulated, ...extent },
          value,
        };
      }
    }
  }

  async #answer<Row>(
    window: HourWindow,
    key: string,
    compute: (revision: number) => Promise<Row[]>,
  ): Promise<{ meta: AnswerMeta; rows: Row[] }> {
    const { served, value } = await this.#consistently(revision =>
      this.#cache.get(revision, key, () => compute(revision)),
    );
    return { meta: meta(served, window), rows: value };
  }
}
