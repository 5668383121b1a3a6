import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { exclusiveContract } from '@naap/system/testing';
import type { Knex } from 'knex';
import { once } from 'node:events';
import { MIGRATIONS } from '../database';
import { DatabaseLeases, Lease } from './DatabaseLeases';

/** A busy machine must find the time to renew it. */
const LEASE_MS = 60_000;
/** It is renewed several times a second. */
const SHORT_LEASE_MS = 1_000;

describe('DatabaseLeases', () => {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
    disableDocker: true,
  });

  describe.each(databases.eachSupportedId())('on %s', id => {
    let knex: Knex;
    const held: Lease[] = [];
    const replica = (holder: string, leaseMs: number = LEASE_MS) => {
      const logger = mockServices.logger.mock();
      const leases = new DatabaseLeases({ knex, holder, leaseMs, logger });
      const hold = leases.hold.bind(leases);
      leases.hold = async name => {
        const lease = await hold(name);
        if (lease) held.push(lease);
        return lease;
      };
      return leases;
    };
    /** As if so much time had passed, however much does. */
    const endLeases = () => knex('naap_leases').update({ lease_until: 0 });

    beforeEach(async () => {
      knex = await databases.init(id);
      await knex.migrate.latest({ directory: MIGRATIONS });
    });

    afterEach(async () => {
      for (const lease of held.splice(0)) await lease.release();
    });

    exclusiveContract(async () => ({
      one: replica('one'),
      other: replica('other'),
    }));

    it('gives every holder a greater token than all before it had', async () => {
      const [one, other] = [replica('one'), replica('other')];
      const first = (await one.hold('gold'))!;
      await first.release();
      const second = (await other.hold('gold'))!;
      await endLeases();
      const third = (await one.hold('gold'))!;
      expect(second.token > first.token).toBe(true);
      expect(third.token > second.token).toBe(true);
      expect((await one.hold('lake'))!.token).toBe(1n);
    });

    it('goes to another when its holder is silent, who is told and can not take it back', async () => {
      const [one, other] = [replica('one', SHORT_LEASE_MS), replica('other')];
      const first = (await one.hold('gold'))!;
      await endLeases();
      const second = (await other.hold('gold'))!;
      if (!first.lost.aborted) await once(first.lost, 'abort');
      expect(first.lost.reason.message).toBe(
        "The right to 'gold' is lost: another process took it over",
      );
      await first.release();
      expect(await one.hold('gold')).toBeNull();
      expect(await one.heldBy('gold')).toBe('other');
      expect(second.lost.aborted).toBe(false);
    });

    it('is given up when it can not be renewed, before another can have it', async () => {
      const one = replica('one', SHORT_LEASE_MS);
      const lease = (await one.hold('gold'))!;
      await knex.schema.renameTable('naap_leases', 'gone');
      if (!lease.lost.aborted) await once(lease.lost, 'abort');
      expect(lease.lost.reason.message).toContain('could not be renewed');
      await knex.schema.renameTable('gone', 'naap_leases');
    });
  });
});
