import { MemoryHome, MemoryPlatform } from '../../testing/MemoryPlatform';
import { platformContract } from '../../testing/platformContract';
import { portalOf } from '../../testing/portalOf';
import { PortalPlatform } from './PortalPlatform';
import { RunningPortal } from './RunningPortal';
import { Readable } from 'node:stream';

describe('the platform of a portal', () => {
  platformContract(async () => {
    const portal = await portalOf(new MemoryPlatform(new MemoryHome()));
    return {
      open: async () => new PortalPlatform(new RunningPortal(portal.record)),
      remove: async () => portal.close(),
    };
  });

  it('leaves events to the portal that has no step to commit them', async () => {
    const portal = await portalOf(new MemoryPlatform(new MemoryHome()), []);
    const { counts, failures } = await new PortalPlatform(
      new RunningPortal(portal.record),
    ).ingest(
      [{ name: 'a', open: () => Readable.from([Buffer.from('oops\n')]) }],
      { update() {}, done() {} },
      new AbortController().signal,
    );
    portal.close();
    expect(counts.read).toBe(1);
    expect(failures).toEqual([]);
  });
});
