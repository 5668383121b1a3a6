import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import openPlatform from '.';

const start = (naap: object) =>
  startTestBackend({
    features: [
      openPlatform,
      mockServices.rootConfig.factory({ data: { naap } }),
    ],
  });

describe('openPlatform', () => {
  it('stops the start for a profile that there is none of, and says which there are', async () => {
    await expect(start({ profile: 'cloud' })).rejects.toThrow(
      "naap.profile is 'cloud'; use embedded or distributed",
    );
    await expect(start({ profile: 'toString' })).rejects.toThrow(
      'use embedded',
    );
    await expect(start({})).rejects.toThrow('naap.profile');
  });
});
