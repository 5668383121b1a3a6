import { resolve } from 'node:path';
import { completeEnvironment } from './environment';

const ROOT = resolve(__dirname, '../../..');

describe('completeEnvironment', () => {
  it('puts the state into .naap of the repository', () => {
    const env: NodeJS.ProcessEnv = { NODE_ENV: 'test' };
    completeEnvironment(env);
    expect(env.NAAP_ROOT).toBe(ROOT);
    expect(env.NAAP_HOME).toBe(resolve(ROOT, '.naap'));
  });

  it('makes a relative home absolute, whatever the working directory is', () => {
    const env: NodeJS.ProcessEnv = { NODE_ENV: 'test', NAAP_HOME: 'state' };
    completeEnvironment(env);
    expect(env.NAAP_HOME).toBe(resolve(ROOT, 'state'));
  });

  it('keeps the token that it is given, and else takes one that nobody knows', () => {
    const given: NodeJS.ProcessEnv = { NODE_ENV: 'test', NAAP_TOKEN: 'known' };
    completeEnvironment(given);
    expect(given.NAAP_TOKEN).toBe('known');
    const tokens = [1, 2].map(() => {
      const env: NodeJS.ProcessEnv = { NODE_ENV: 'test' };
      completeEnvironment(env);
      return env.NAAP_TOKEN;
    });
    expect(tokens[0]).toHaveLength(48);
    expect(tokens[0]).not.toBe(tokens[1]);
  });
});
