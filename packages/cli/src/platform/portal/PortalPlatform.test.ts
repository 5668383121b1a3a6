import { MemoryHome, MemoryPlatform } from '../../testing/MemoryPlatform';
import { platformContract } from '../../testing/platformContract';
import { portalOf } from '../../testing/portalOf';
import { PortalPlatform } from './PortalPlatform';
import { RunningPortal } from './RunningPortal';

describe('the platform of a portal', () => {
  platformContract(async () => {
    const portal = await portalOf(new MemoryPlatform(new MemoryHome()));
    return {
      open: async () => new PortalPlatform(new RunningPortal(portal.record)),
      remove: async () => portal.close(),
    };
  });
});
