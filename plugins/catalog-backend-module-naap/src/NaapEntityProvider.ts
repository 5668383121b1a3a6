import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { Changes, changesTo, Known, withHashes } from './changes';
import {
  Installation,
  Graph,
  Network,
  networkEntities,
  platformEntities,
} from './entities';

/** What the `naap` plugin tells of the platform. Each call rejects when it can't. */
export interface NaapReader {
  lineage(signal: AbortSignal): Promise<Graph>;
  inventory(signal: AbortSignal): Promise<Network>;
  /** The OpenAPI document, as served. */
  definition(signal: AbortSignal): Promise<string>;
}

/** Entities of this provider by what they are of. */
export interface Held {
  platform: Known;
  network: Known;
}

const LOCATION_KEY = 'naap';
/** How often the catalog is asked whether it still holds what it was told. */
const CHECK_MS = 600_000;
/** Orchestrators and models: strangers may name any number of them, and each costs the catalog some ms. */
const MOST_OF_NETWORK = 5_000;
/** Entities. */
const TOLD_AT_ONCE = 200;

/**
 * Entities of the platform and of the network that it measures. A refresh emits what has changed since the last one:
 *
 * - a read that fails or is empty changes nothing;
 * - a lineage with problems adds what is new, and leaves alone what was known when it was whole;
 * - orchestrators and models are never removed, and those over a bound never come in;
 * - what the catalog has lost meanwhile is told again.
 */
export class NaapEntityProvider implements EntityProvider {
  readonly #reader: NaapReader;
  readonly #heldByCatalog: () => Promise<Held>;
  readonly #schedule: SchedulerServiceTaskRunner;
  readonly #installation: Installation;
  readonly #logger: LoggerService;
  #connection: EntityProviderConnection | undefined;
  #held: Held = { platform: new Map(), network: new Map() };
  #checkedAt = -Infinity;

  constructor(options: {
    reader: NaapReader;
    /** Asks the catalog what it holds of this provider. */
    heldByCatalog: () => Promise<Held>;
    schedule: SchedulerServiceTaskRunner;
    installation: Installation;
    logger: LoggerService;
  }) {
    this.#reader = options.reader;
    this.#heldByCatalog = options.heldByCatalog;
    this.#schedule = options.schedule;
    this.#installation = options.installation;
    this.#logger = options.logger;
  }

  getProviderName(): string {
    return 'naap';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    await this.#schedule.run({
      id: 'naap-catalog-refresh',
      fn: signal => this.refresh(signal),
    });
  }

  /**
   * The platform and the network are told apart: the first lineage of a new home takes seconds, and orchestrators don't
   * wait for it. Rejects when the catalog can't be asked or told; a read that fails is only logged.
   */
  async refresh(signal: AbortSignal): Promise<void> {
    const { platform, network } = await this.#checked();
    await Promise.all([
      this.#tell('platform', platform, () =>
        this.#platformChanges(platform, signal),
      ),
      this.#tell('network', network, () =>
        this.#networkChanges(network, signal),
      ),
    ]);
  }

  async #tell(
    part: keyof Held,
    known: Known,
    read: () => Promise<Changes>,
  ): Promise<void> {
    if (!this.#connection) throw new Error('The provider is not connected');
    let changes: Changes;
    try {
      changes = await read();
    } catch (error) {
      const { message } = toError(error);
      this.#logger.warn(
        `Catalog: the ${part} can't be read, its entities stay: ${message}`,
      );
      return;
    }
    const { added, removed, leftOut } = changes;
    if (leftOut > 0) {
      this.#logger.warn(
        `Catalog: of the ${part} ${leftOut} entities are left out, since it takes no more than ${MOST_OF_NETWORK}`,
      );
    }
    if (added.length + removed.length === 0) return;
    // The catalog looks at all that it is told in one go; others are answered between two.
    for (let from = 0; from < added.length; from += TOLD_AT_ONCE) {
      const told = added.slice(from, from + TOLD_AT_ONCE);
      await this.#connection.applyMutation({
        type: 'delta',
        added: told.map(({ entity }) => ({
          entity,
          locationKey: LOCATION_KEY,
        })),
        removed: [],
      });
      told.forEach(({ ref, hash }) => known.set(ref, hash));
    }
    if (removed.length > 0) {
      await this.#connection.applyMutation({
        type: 'delta',
        added: [],
        removed: removed.map(entityRef => ({
          entityRef,
          locationKey: LOCATION_KEY,
        })),
      });
      removed.forEach(ref => known.delete(ref));
    }
    this.#logger.info(
      `Catalog: of the ${part} ${added.length} entities new or changed, ${removed.length} gone`,
    );
  }

  /** What the catalog holds: asked at the start and now and then, else as told. */
  async #checked(): Promise<Held> {
    const now = Date.now();
    if (now - this.#checkedAt < CHECK_MS) return this.#held;
    const { platform, network } = await this.#heldByCatalog();
    this.#held = {
      platform: withHashes(platform, this.#held.platform),
      network: withHashes(network, this.#held.network),
    };
    this.#checkedAt = now;
    return this.#held;
  }

  async #platformChanges(known: Known, signal: AbortSignal): Promise<Changes> {
    const [lineage, definition] = await Promise.all([
      this.#reader.lineage(signal),
      this.#reader.definition(signal),
    ]);
    if (lineage.nodes.length === 0) {
      return { added: [], removed: [], leftOut: 0 };
    }
    return changesTo(
      known,
      platformEntities(lineage, definition, this.#installation),
      lineage.problems.length === 0 ? 'remove' : 'add',
    );
  }

  async #networkChanges(known: Known, signal: AbortSignal): Promise<Changes> {
    const inventory = await this.#reader.inventory(signal);
    return changesTo(
      known,
      networkEntities(inventory, new Date(), this.#installation),
      'change',
      MOST_OF_NETWORK,
    );
  }
}
