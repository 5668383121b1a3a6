import { setTimeout as delay } from 'timers/promises';
import { AnswerCache } from './answerCache';
import { ReadAvailability } from './availabilityQuery';
import { Database, oneByOne, openDatabase, ServingTarget } from './client';
import { queryContested, URL_ORDER } from './contestedQuery';
import {
  AnswerMeta,
  AvailabilityAnswer,
  AvailabilityQuery,
  ContestedAnswer,
  DimensionAnswer,
  DimensionQuery,
  GoldSource,
  GpuAnswer,
  GpuQuery,
  InventoryAnswer,
  KPI_DIMENSIONS,
  KPI_FILTERS,
  KpiAnswer,
  KpiDimension,
  KpiFilter,
  KpiFilters,
  KpiQuery,
  KpiRow,
  ModelTargets,
  PageQuery,
  RequestAnswer,
  RequestQuery,
  ScoreAnswer,
  ScoreQuery,
  ServedState,
  ServingTable,
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  SwapQuery,
  SyncPlanDay,
  TargetAnswer,
  TargetQuery,
} from './contract';
import { Key } from './cursor';
import {
  hasValue,
  queryBusiest,
  queryValues,
  VALUE_ORDER,
  valueKey,
} from './dimensionQuery';
import { checkDimensions, keysOf } from './dimensions';
import { InvalidQueryError, PublicationInterruptedError } from './errors';
import { GPU_ORDER, gpuKey, queryGpus } from './gpuQuery';
import { hotAvailability } from './hotAvailability';
import { ServedDays } from './hotDays';
import { hotGroups } from './hotGroups';
import { hotRequests } from './hotRequests';
import { hotSupply } from './hotSupply';
import { hotSwaps } from './hotSwaps';
import { inventoryLists } from './inventoryQuery';
import { keyOrder, ReadGroups } from './groups';
import { queryKpis } from './kpiQuery';
import { migrate } from './migrate';
import {
  BoundedPage,
  boundedPage,
  MAX_ROWS,
  PageAsk,
  pageAsk,
  Part,
} from './page';
import { pageOfLists } from './pageOfLists';
import { finishPublication } from './publish';
import { ReadRequests, requestKey, requestOrder } from './requestQuery';
import { queryScores } from './scoreQuery';
import {
  PublishedState,
  readPublishedState,
  readRevisedHours,
} from './servedState';
import { ReadSupply } from './supplyQuery';
import { ReadSwaps, SWAP_ORDER, swapKey } from './swapQuery';
import { planSync, sync, SyncOptions, SyncResult } from './sync';
import { DAY_TABLES, DIMENSION_TABLES } from './tables';
import { MODEL_ORDER, queryTargets } from './targetQuery';
import { HourWindow, hourWindow, isoTime, windowState } from './window';

/** How long an answer waits for another process that publishes, and how often it looks. */
const PUBLICATION_PATIENCE_MS = 5_000;
const PUBLICATION_POLL_MS = 25;

const DAY_MS = 86_400_000;

/** Values of a filter unless asked otherwise. */
const BUSIEST = 100;
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

/**
 * The served numbers: filled by `sync`, asked by everything else. Open it once per process: answers are cached per
 * served build. Every answer is of one build; one that a sync overtakes is computed again.
 */
export class Serving {
  readonly #database: Database;
  /** The same, for what readers ask. */
  readonly #questions: Database;
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
    const questions = oneByOne(database);
    this.#questions = questions;
    const served = new ServedDays(questions);
    this.#days = served;
    this.#availability = hotAvailability(questions, served);
    this.#groups = hotGroups(questions, served);
    this.#requests = hotRequests(questions, served);
    this.#supply = hotSupply(questions, served);
    this.#swaps = hotSwaps(questions, served);
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
    checkDimensions(by, KPI_DIMENSIONS);
    const page = pageAsk(`kpis ${by}`, query, keyOrder(by));
    return this.#rows(window, revision =>
      this.#kpis(revision, { window, by, filters }, page),
    );
  }

  /** What asks for scores often asks for the KPIs that they are made of. */
  #kpis(
    revision: number,
    query: { window: HourWindow; by: KpiDimension[]; filters?: KpiFilters },
    page: PageAsk,
  ): Promise<BoundedPage<KpiRow>> {
    const { by } = query;
    return this.#page(
      revision,
      `kpis ${by}`,
      [query, page],
      () => queryKpis(this.#groups(revision), query, page),
      row => keysOf(by, row),
    );
  }

  /** SLA scores of a window, in the order of their key. */
  async scores(query: ScoreQuery): Promise<ScoreAnswer> {
    const window = hourWindow(query);
    const { by, filters } = query;
    const list = `scores ${by}`;
    const page = pageAsk(list, query, keyOrder(['key']));
    return this.#rows(window, revision =>
      this.#page(
        revision,
        list,
        [window, filters, page],
        () =>
          queryScores(
            by,
            {
              kpis: keys => async after => {
                const { rows, next } = await this.#kpis(
                  revision,
                  { window, by: keys, filters },
                  { limit: MAX_ROWS, after },
                );
                return { rows, more: next !== null };
              },
              targets: async after => {
                const { rows, next } = await this.#targets(revision, window, {
                  limit: MAX_ROWS,
                  after,
                });
                return { rows, more: next !== null };
              },
            },
            page,
          ),
        ({ key }) => [key],
      ),
    );
  }

  /** Targets of every model for a window, in the order of the models. */
  async targets(query: TargetQuery = {}): Promise<TargetAnswer> {
    const window = hourWindow(query);
    const page = pageAsk('targets', query, MODEL_ORDER);
    return this.#rows(window, revision =>
      this.#targets(revision, window, page),
    );
  }

  /** They are the same for all windows that begin on a day. */
  #targets(
    revision: number,
    window: HourWindow,
    page: PageAsk,
  ): Promise<BoundedPage<ModelTargets>> {
    return this.#page(
      revision,
      'targets',
      [window.from && Math.floor(window.from / DAY_MS), page],
      () => queryTargets(this.#questions, window, page),
      ({ model }) => [model],
    );
  }

  /** What capability reports tell of, by any dimensions; rows in the order of the dimensions, nulls last. */
  async supply(query: SupplyQuery = {}): Promise<SupplyAnswer> {
    const window = hourWindow(query);
    const { by = [], filters } = query;
    const list = `supply ${by}`;
    const page = pageAsk(list, query, keyOrder(by));
    return this.#rows(window, revision =>
      this.#page(
        revision,
        list,
        [window, filters, page],
        () => this.#supply(revision)(window, query, page),
        row => keysOf(by, row),
      ),
    );
  }

  /** What the scraper found, by any dimensions; rows in the order of the dimensions, nulls last. */
  async availability(
    query: AvailabilityQuery = {},
  ): Promise<AvailabilityAnswer> {
    const window = hourWindow(query);
    const { by = [], filters } = query;
    const list = `availability ${by}`;
    const page = pageAsk(list, query, keyOrder(by));
    return this.#rows(window, revision =>
      this.#page(
        revision,
        list,
        [window, filters, page],
        () => this.#availability(revision)(window, query, page),
        row => keysOf(by, row),
      ),
    );
  }

  /** KPIs by orchestrator and GPU, in their order, nulls last. */
  async gpus(query: GpuQuery = {}): Promise<GpuAnswer> {
    const window = hourWindow(query);
    const { filters, gpuId } = query;
    const page = pageAsk('gpus', query, GPU_ORDER);
    return this.#rows(window, revision =>
      this.#page(
        revision,
        'gpus',
        [window, filters, gpuId, page],
        () =>
          queryGpus(
            this.#groups(revision),
            this.#questions,
            window,
            query,
            page,
          ),
        gpuKey,
      ),
    );
  }

  /** Swaps between orchestrators, most first. */
  async swaps(query: SwapQuery = {}): Promise<SwapAnswer> {
    const window = hourWindow(query);
    const { filters } = query;
    const page = pageAsk('swaps', query, SWAP_ORDER);
    return this.#rows(window, revision =>
      this.#page(
        revision,
        'swaps',
        [window, filters, page],
        () => this.#swaps(revision)(window, filters, page),
        swapKey,
      ),
    );
  }

  /** URLs that capability reports give to several addresses, in their order, of all times. */
  async contested(query: PageQuery = {}): Promise<ContestedAnswer> {
    const page = pageAsk('contested', query, URL_ORDER);
    return this.#rows(hourWindow({}), revision =>
      this.#page(
        revision,
        'contested',
        [page],
        () => queryContested(this.#questions, page),
        ({ url }) => [url],
      ),
    );
  }

  /** Every orchestrator, model and runner version of the events. */
  async inventory({ limit, cursor }: PageQuery = {}): Promise<InventoryAnswer> {
    const window = hourWindow({});
    const { served, value } = await this.#consistently(revision =>
      this.#cache.get(
        revision,
        JSON.stringify(['inventory', limit, cursor]),
        () =>
          pageOfLists(
            'inventory',
            { limit, cursor },
            inventoryLists(this.#questions),
          ),
      ),
    );
    const { bytes, ...lists } = value;
    return { meta: meta(served, window), ...lists };
  }

  /**
   * The busiest values of the filters in a window, or those of one filter.
   * @throws InvalidQueryError for a search or a cursor without a filter
   */
  async dimensions<Asked extends KpiFilter = KpiFilter>(
    query: DimensionQuery<Asked> = {},
  ): Promise<DimensionAnswer<Asked>> {
    const window = hourWindow(query);
    const { dimension, search, cursor, limit = BUSIEST } = query;
    if (dimension === undefined) {
      if (search !== undefined || cursor !== undefined) {
        throw new InvalidQueryError(
          "search and cursor need a 'dimension' to look in",
        );
      }
      return (await this.#busiest(window, limit)) as DimensionAnswer<Asked>;
    }
    checkDimensions([dimension], KPI_FILTERS);
    const list = `dimensions ${dimension}`;
    const page = pageAsk(list, { limit, cursor }, VALUE_ORDER);
    const { served, value } = await this.#consistently(revision =>
      this.#cache.get(
        revision,
        JSON.stringify([list, window, search, page]),
        async () => {
          const found = await queryValues(
            this.#questions,
            window,
            { dimension, search },
            page,
          );
          const bounded = await boundedPage(list, found, valueKey);
          return { ...bounded, total: found.total };
        },
      ),
    );
    return {
      meta: meta(served, window),
      values: { [dimension]: value.rows },
      totals: { [dimension]: value.total },
      next: value.next,
    } as DimensionAnswer<Asked>;
  }

  async #busiest(window: HourWindow, limit: number): Promise<DimensionAnswer> {
    const { served, value } = await this.#consistently(revision =>
      this.#cache.get(
        revision,
        JSON.stringify(['dimensions', window, limit]),
        async () => {
          const rows = await queryBusiest(this.#questions, window, limit);
          const of = (name: KpiFilter) =>
            rows.filter(({ dimension }) => dimension === name);
          return {
            values: Object.fromEntries(
              KPI_FILTERS.map(name => [
                name,
                of(name).map(row => ({
                  value: row.value,
                  requests: row.requests,
                })),
              ]),
            ) as DimensionAnswer['values'],
            totals: Object.fromEntries(
              KPI_FILTERS.map(name => [name, of(name).at(0)?.total ?? 0]),
            ) as DimensionAnswer['totals'],
            bytes: JSON.stringify(rows).length,
          };
        },
      ),
    );
    const { values, totals } = value;
    return { meta: meta(served, window), values, totals, next: null };
  }

  /** Whether a filter has a value in any hour that is served. */
  async hasValue(dimension: KpiFilter, value: string): Promise<boolean> {
    checkDimensions([dimension], KPI_FILTERS);
    const { value: answer } = await this.#consistently(revision =>
      this.#cache.get(
        revision,
        JSON.stringify(['has', dimension, value]),
        async () => ({
          has: await hasValue(this.#questions, dimension, value),
          bytes: 0,
        }),
      ),
    );
    return answer.has;
  }

  /** Requests that count, newest first unless asked otherwise; with a limit of 0 only how many. */
  async requests(query: RequestQuery = {}): Promise<RequestAnswer> {
    const window = hourWindow(query);
    const { from, to, limit, cursor, ...rest } = query;
    const list = `requests ${rest.kpi ?? ''} ${rest.order ?? ''}`;
    const page = pageAsk(list, { limit, cursor }, requestOrder(rest));
    const { served, value } = await this.#consistently(revision =>
      this.#cache.get(
        revision,
        JSON.stringify([list, window, rest, page]),
        async () => {
          const found = await this.#requests(revision)(window, rest, page);
          const bounded = await boundedPage(list, found, row =>
            requestKey(row, rest),
          );
          return { ...bounded, total: found.total };
        },
      ),
    );
    const { rows, next, total } = value;
    return { meta: meta(served, window), total, rows, next };
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
      const [value, { bytes, ...extent }] = await Promise.all([
        read(revision),
        this.#cache.get(revision, 'extent', async () => ({
          ...(await readExtent(this.#questions)),
          bytes: 0,
        })),
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

  /** A page of a list, read once; `of` tells all that it depends on beside the list. */
  #page<Row extends object>(
    revision: number,
    list: string,
    of: unknown[],
    read: () => Promise<Part<Row>>,
    keyOf: (row: Row) => Key,
  ): Promise<BoundedPage<Row>> {
    return this.#cache.get(revision, JSON.stringify([list, of]), async () =>
      boundedPage(list, await read(), keyOf),
    );
  }

  async #rows<Row>(
    window: HourWindow,
    read: (revision: number) => Promise<BoundedPage<Row>>,
  ): Promise<{ meta: AnswerMeta; rows: Row[]; next: string | null }> {
    const { served, value } = await this.#consistently(read);
    return {
      meta: meta(served, window),
      rows: value.rows,
      next: value.next,
    };
  }
}
