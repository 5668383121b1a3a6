import { Answers, WindowOf } from './Answers';
import { queryContested, URL_ORDER } from './contestedQuery';
import {
  AvailabilityAnswer,
  AvailabilityQuery,
  ContestedAnswer,
  DimensionAnswer,
  DimensionQuery,
  GpuAnswer,
  GpuQuery,
  IngestStatsAnswer,
  IngestStatsQuery,
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
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  SwapQuery,
  TargetAnswer,
  TargetQuery,
  Window,
} from './contract';
import { Database } from './database';
import {
  hasValue,
  queryBusiest,
  queryValues,
  VALUE_ORDER,
  valueKey,
} from './dimensionQuery';
import { checkDimensions, keysOf } from './dimensions';
import { Engine } from './engine';
import { InvalidQueryError } from './errors';
import { GPU_ORDER, gpuKey, queryGpus } from './gpuQuery';
import { keyOrder } from './groups';
import {
  INGEST_ORDER,
  ingestKey,
  queryIngest,
  queryIngestTotal,
} from './ingestQuery';
import { inventoryLists } from './inventoryQuery';
import { queryKpis } from './kpiQuery';
import { KpiReaders } from './KpiReader';
import { BoundedPage, boundedPage, MAX_ROWS, PageAsk, pageAsk } from './page';
import { pageOfLists } from './pageOfLists';
import { requestKey, requestOrder } from './requestQuery';
import { queryScores } from './scoreQuery';
import { SWAP_ORDER, swapKey } from './swapQuery';
import { MODEL_ORDER, queryTargets } from './targetQuery';
import { hourWindow, TimeWindow, windowAt } from './window';

const DAY_MS = 86_400_000;

/** Values of a filter unless asked otherwise. */
const BUSIEST = 100;

/** Windows of what is told by five minutes too. */
const exactly =
  (window: Window): WindowOf =>
  watermark =>
    windowAt(window, watermark);

/** Windows of what is told by the hour alone. */
const inHours =
  (window: Window): WindowOf =>
  () =>
    hourWindow(window);

/** What can be asked about what is served. */
export class Questions {
  readonly #answers: Answers;
  readonly #questions: Database;
  readonly #readers: KpiReaders;

  constructor(
    { questions, readers }: Pick<Engine, 'questions' | 'readers'>,
    answers: Answers,
  ) {
    this.#answers = answers;
    this.#questions = questions;
    this.#readers = readers;
  }

  /** KPIs of a window by any dimensions; rows in the order of the dimensions, nulls last. */
  async kpis(query: KpiQuery = {}): Promise<KpiAnswer> {
    const windowOf = exactly(query);
    const { by = [], filters } = query;
    checkDimensions(by, KPI_DIMENSIONS);
    const page = pageAsk(`kpis ${by}`, query, keyOrder(by));
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#kpis(revision, { window, by, filters }, page),
    );
  }

  /** What asks for scores often asks for the KPIs that they are made of. */
  #kpis(
    revision: number,
    query: { window: TimeWindow; by: KpiDimension[]; filters?: KpiFilters },
    page: PageAsk,
  ): Promise<BoundedPage<KpiRow>> {
    const { by } = query;
    return this.#answers.page(
      revision,
      `kpis ${by}`,
      [query, page],
      () => queryKpis(this.#readers.at(revision), query, page),
      row => keysOf(by, row),
    );
  }

  /** SLA scores of a window, in the order of their key. */
  async scores(query: ScoreQuery): Promise<ScoreAnswer> {
    const windowOf = exactly(query);
    const { by, filters } = query;
    const list = `scores ${by}`;
    const page = pageAsk(list, query, keyOrder(['key']));
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.page(
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
    const windowOf = exactly(query);
    const page = pageAsk('targets', query, MODEL_ORDER);
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#targets(revision, window, page),
    );
  }

  /** They are the same for all windows that begin on a day. */
  #targets(
    revision: number,
    window: TimeWindow,
    page: PageAsk,
  ): Promise<BoundedPage<ModelTargets>> {
    return this.#answers.page(
      revision,
      'targets',
      [window.from && Math.floor(window.from / DAY_MS), page],
      () => queryTargets(this.#questions, window, page),
      ({ model }) => [model],
    );
  }

  /** What capability reports tell of, by any dimensions; rows in the order of the dimensions, nulls last. */
  async supply(query: SupplyQuery = {}): Promise<SupplyAnswer> {
    const windowOf = inHours(query);
    const { by = [], filters } = query;
    const list = `supply ${by}`;
    const page = pageAsk(list, query, keyOrder(by));
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.page(
        revision,
        list,
        [window, filters, page],
        () => this.#readers.at(revision).supply(window, query, page),
        row => keysOf(by, row),
      ),
    );
  }

  /** What the scraper found, by any dimensions; rows in the order of the dimensions, nulls last. */
  async availability(
    query: AvailabilityQuery = {},
  ): Promise<AvailabilityAnswer> {
    const windowOf = inHours(query);
    const { by = [], filters } = query;
    const list = `availability ${by}`;
    const page = pageAsk(list, query, keyOrder(by));
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.page(
        revision,
        list,
        [window, filters, page],
        () => this.#readers.at(revision).availability(window, query, page),
        row => keysOf(by, row),
      ),
    );
  }

  /** KPIs by orchestrator and GPU, in their order, nulls last. */
  async gpus(query: GpuQuery = {}): Promise<GpuAnswer> {
    const windowOf = exactly(query);
    const { filters, gpuId } = query;
    const page = pageAsk('gpus', query, GPU_ORDER);
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.page(
        revision,
        'gpus',
        [window, filters, gpuId, page],
        () =>
          queryGpus(
            this.#readers.at(revision),
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
    const windowOf = exactly(query);
    const { filters } = query;
    const page = pageAsk('swaps', query, SWAP_ORDER);
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.page(
        revision,
        'swaps',
        [window, filters, page],
        () => this.#readers.at(revision).swaps(window, filters, page),
        swapKey,
      ),
    );
  }

  /** URLs that capability reports give to several addresses, in their order, of all times. */
  async contested(query: PageQuery = {}): Promise<ContestedAnswer> {
    const page = pageAsk('contested', query, URL_ORDER);
    return this.#answers.ofWindow(inHours({}), revision =>
      this.#answers.page(
        revision,
        'contested',
        [page],
        () => queryContested(this.#questions, page),
        ({ url }) => [url],
      ),
    );
  }

  /** How many messages came in, by class and hour, oldest first. */
  async ingestStats(query: IngestStatsQuery = {}): Promise<IngestStatsAnswer> {
    const windowOf = inHours(query);
    const page = pageAsk('ingest-stats', query, INGEST_ORDER);
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.kept(
        revision,
        ['ingest-stats', window, page],
        async () => ({
          total: await queryIngestTotal(this.#questions, window),
          ...(await boundedPage(
            'ingest-stats',
            await queryIngest(this.#questions, window, page),
            ingestKey,
          )),
        }),
      ),
    );
  }

  /** Every orchestrator, model and runner version of the events. */
  async inventory({ limit, cursor }: PageQuery = {}): Promise<InventoryAnswer> {
    return this.#answers.ofWindow(inHours({}), revision =>
      this.#answers.kept(revision, ['inventory', limit, cursor], () =>
        pageOfLists(
          'inventory',
          { limit, cursor },
          inventoryLists(this.#questions),
        ),
      ),
    );
  }

  /**
   * The busiest values of the filters in a window, or those of one filter.
   * @throws InvalidQueryError for a search or a cursor without a filter
   */
  async dimensions<Asked extends KpiFilter = KpiFilter>(
    query: DimensionQuery<Asked> = {},
  ): Promise<DimensionAnswer<Asked>> {
    const windowOf = exactly(query);
    const { dimension, search, cursor, limit = BUSIEST } = query;
    if (dimension === undefined) {
      if (search !== undefined || cursor !== undefined) {
        throw new InvalidQueryError(
          "search and cursor need a 'dimension' to look in",
        );
      }
      return (await this.#busiest(windowOf, limit)) as DimensionAnswer<Asked>;
    }
    checkDimensions([dimension], KPI_FILTERS);
    const list = `dimensions ${dimension}`;
    const page = pageAsk(list, { limit, cursor }, VALUE_ORDER);
    const { meta, rows, total, next } = await this.#answers.ofWindow(
      windowOf,
      (revision, window) =>
        this.#answers.kept(revision, [list, window, search, page], async () => {
          const found = await queryValues(
            this.#questions,
            window,
            { dimension, search },
            page,
          );
          const bounded = await boundedPage(list, found, valueKey);
          return { ...bounded, total: found.total };
        }),
    );
    return {
      meta,
      values: { [dimension]: rows },
      totals: { [dimension]: total },
      next,
    } as DimensionAnswer<Asked>;
  }

  async #busiest(windowOf: WindowOf, limit: number): Promise<DimensionAnswer> {
    const answer = await this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.kept(revision, ['dimensions', window, limit], async () => {
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
      }),
    );
    return { ...answer, next: null };
  }

  /** Whether a filter has a value in any hour that is served. */
  async hasValue(dimension: KpiFilter, value: string): Promise<boolean> {
    checkDimensions([dimension], KPI_FILTERS);
    const { value: answer } = await this.#answers.consistently(revision =>
      this.#answers.kept(revision, ['has', dimension, value], async () => ({
        has: await hasValue(this.#questions, dimension, value),
        bytes: 0,
      })),
    );
    return answer.has;
  }

  /** Requests that count, newest first unless asked otherwise; with a limit of 0 only how many. */
  async requests(query: RequestQuery = {}): Promise<RequestAnswer> {
    const windowOf = exactly(query);
    const { from, to, limit, cursor, ...rest } = query;
    const list = `requests ${rest.kpi ?? ''} ${rest.order ?? ''}`;
    const page = pageAsk(list, { limit, cursor }, requestOrder(rest));
    return this.#answers.ofWindow(windowOf, (revision, window) =>
      this.#answers.kept(revision, [list, window, rest, page], async () => {
        const found = await this.#readers
          .at(revision)
          .requests(window, rest, page);
        const bounded = await boundedPage(list, found, row =>
          requestKey(row, rest),
        );
        return { ...bounded, total: found.total };
      }),
    );
  }

  /** Where the served numbers stand. */
  async state(): Promise<ServedState> {
    const { served } = await this.#answers.consistently(async () => null);
    const { revisedHours, ...state } = served;
    return state;
  }
}
