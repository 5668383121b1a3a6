import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformContract } from '../../testing/platformContract';
import { EmbeddedPlatform } from './EmbeddedPlatform';

describe('the platform in this process', () => {
  platformContract(async () => {
    const home = await mkdtemp(join(tmpdir(), 'naap-platform-'));
    return {
      open: async () => new EmbeddedPlatform(home),
      remove: () => rm(home, { recursive: true }),
    };
  });
});
