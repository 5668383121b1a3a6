import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Exclusive, Held } from '@naap/system';
import type { Knex } from 'knex';
import { databaseAfter, databaseNow } from '../database';
import { Heartbeat } from './Heartbeat';

/** A right that is held as long as it is renewed: who sleeps, or is cut off from the database, may lose it unawares. */
export interface Lease extends Held {
  /**
   * Grows with every holder of the name. What is guarded keeps the greatest that it has seen and refuses a lower one: that is
   * of a holder of before who doesn't know yet that it lost the right.
   */
  readonly token: bigint;
  /** Aborted when it is lost, or can't be renewed and may soon be. */
  readonly lost: AbortSignal;
}

interface LeaseRow {
  name: string;
  token: string | number;
  holder: string;
  lease_until: string | number;
}

/** Rights that one process has at a time over all replicas, in the portal's database and by its clock. */
export class DatabaseLeases implements Exclusive {
  readonly #knex: Knex;
  readonly #holder: string;
  readonly #leaseMs: number;
  readonly #logger: LoggerService;

  constructor(options: {
    /** A migrated database. */
    knex: Knex;
    /** Who takes them here, in words. */
    holder: string;
    /** How long a holder may be silent before another gets the right. */
    leaseMs: number;
    logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#holder = options.holder;
    this.#leaseMs = options.leaseMs;
    this.#logger = options.logger;
  }

  async hold(name: string): Promise<Lease | null> {
    const held = {
      holder: this.#holder,
      lease_until: databaseAfter(this.#knex, this.#leaseMs),
    };
    const [row] = await this.#leases()
      .insert({ name, token: 1, ...held })
      .onConflict('name')
      .merge({ ...held, token: this.#knex.raw('naap_leases.token + 1') })
      .where('naap_leases.lease_until', '<=', databaseNow(this.#knex))
      .returning('token');
    return row ? this.#lease(name, BigInt(row.token)) : null;
  }

  async heldBy(name: string): Promise<string | null> {
    const row = await this.#leases()
      .where({ name })
      .where('lease_until', '>', databaseNow(this.#knex))
      .first('holder');
    return row?.holder ?? null;
  }

  #lease(name: string, token: bigint): Lease {
    const mine = { name, token: String(token) };
    const lost = new AbortController();
    const heart = new Heartbeat({
      leaseMs: this.#leaseMs,
      renew: async () => {
        const renewed = await this.#leases()
          .where(mine)
          .update({ lease_until: databaseAfter(this.#knex, this.#leaseMs) });
        return renewed > 0 ? renewed : undefined;
      },
      onLost: why => {
        heart.stop();
        lost.abort(new Error(`The right to '${name}' is lost: ${why}`));
      },
      onError: error =>
        this.#logger.warn(
          `The right to '${name}' could not be renewed`,
          toError(error),
        ),
    });
    return {
      token,
      lost: lost.signal,
      release: async () => {
        heart.stop();
        await this.#leases().where(mine).update({ lease_until: 0 });
      },
    };
  }

  #leases() {
    return this.#knex<LeaseRow>('naap_leases');
  }
}
