import { MemoryHome, MemoryPlatform } from './MemoryPlatform';
import { platformContract } from './platformContract';

describe('a platform in memory', () => {
  platformContract(async () => {
    const home = new MemoryHome();
    return {
      open: async () => new MemoryPlatform(home),
      remove: async () => {},
    };
  });
});
