import { nodeEnvironment } from './nodeEnvironment';

describe('nodeEnvironment', () => {
  it('is development for a simulated network, production for real events', () => {
    expect(nodeEnvironment({} as NodeJS.ProcessEnv, true)).toBe('development');
    expect(nodeEnvironment({} as NodeJS.ProcessEnv, false)).toBe('production');
  });

  it('is what was set, and production for anything that is not known', () => {
    expect(nodeEnvironment({ NODE_ENV: 'production' }, true)).toBe(
      'production',
    );
    expect(nodeEnvironment({ NODE_ENV: 'development' }, false)).toBe(
      'development',
    );
    expect(nodeEnvironment({ NODE_ENV: 'test' }, true)).toBe('production');
  });
});
