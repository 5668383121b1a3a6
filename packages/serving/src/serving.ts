import { Answers } from './Answers';
import { GoldSource, ServingTable, SyncPlanDay } from './contract';
import { Engine } from './engine';
import { migrate } from './migrate';
import { openEngine, ServingTarget } from './openEngine';
import { Questions } from './questions';
import { planSync, sync, SyncOptions, SyncResult } from './sync';
import { DAY_TABLES, DIMENSION_TABLES } from './tables';

/** What nobody asks for this long is dropped, and how often is looked: memory goes back after a burst. */
const UNUSED_MS = 5 * 60_000;
const TIDY_EVERY_MS = 60_000;

/**
 * The served numbers: filled by `sync`, asked by everything else. Open it once per process: answers are cached per
 * served build. Every answer is of one build; one that a sync overtakes is computed again.
 */
export class Serving extends Questions {
  readonly #engine: Engine;
  readonly #answers: Answers;
  readonly #tidying: NodeJS.Timeout;
  #syncing = false;

  private constructor(engine: Engine) {
    const answers = new Answers(engine);
    super(engine, answers);
    this.#engine = engine;
    this.#answers = answers;
    this.#tidying = setInterval(() => this.#tidy(), TIDY_EVERY_MS).unref();
  }

  /**
   * Opens ClickHouse in process (`path`) or on a server (`url`), brings its tables up to this version and, in process,
   * ends a publication that a crash interrupted.
   * @throws DirectoryInUseError, ServerUnreachableError, MigrationError
   */
  static async open(target: ServingTarget): Promise<Serving> {
    return new Serving(await openEngine(target));
  }

  /** Brings the tables up to this version; `open` has done it. Returns the migrations that were applied. */
  migrate(): Promise<string[]> {
    return migrate(this.#engine.database);
  }

  /** Serves what gold holds now (see `sync`). Rejects when a sync of this object is under way. */
  async sync(gold: GoldSource, options: SyncOptions = {}): Promise<SyncResult> {
    if (this.#syncing) throw new Error('A sync is already running');
    this.#syncing = true;
    try {
      return await sync(
        this.#engine.database,
        gold,
        options,
        async publication => {
          const state = await this.#engine.publications.publish(publication);
          // What fails here the next question meets again.
          this.#engine.readers.refresh(state.revision).catch(() => {});
          return state;
        },
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
    return planSync(this.#engine.database, gold, options.days);
  }

  /** The served tables by name, with their rows. */
  async tables(): Promise<ServingTable[]> {
    const counts = [...DAY_TABLES, ...DIMENSION_TABLES]
      .sort()
      .map(name => `SELECT '${name}' AS name, count() FROM naap.${name}`);
    const rows = await this.#engine.database.rows<[string, number]>(
      `SELECT * FROM (${counts.join(' UNION ALL ')}) ORDER BY name`,
    );
    return rows.map(([name, count]) => ({ name, rows: count }));
  }

  async close(): Promise<void> {
    clearInterval(this.#tidying);
    await this.#engine.publications.settled();
    await this.#engine.database.close();
  }

  #tidy(): void {
    const since = Date.now() - UNUSED_MS;
    this.#answers.dropUnused(since);
    this.#engine.readers.dropUnused(since);
    // It costs 20 ms beside this thread; what fails here is tried again.
    this.#engine.database.giveBack().catch(() => {});
  }
}
