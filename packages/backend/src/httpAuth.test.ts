import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { rememberTokens } from './httpAuth';

describe('rememberTokens', () => {
  const NOW = Date.parse('2026-01-15T12:00:00Z');
  let checked: string[];
  let remembering: Pick<AuthService, 'authenticate'>;
  let expiresAt: Date | undefined;

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
    checked = [];
    expiresAt = undefined;
    remembering = rememberTokens(
      mockServices.auth.mock({
        async authenticate(token): Promise<BackstageCredentials> {
          checked.push(token);
          if (token.startsWith('bad')) throw new Error('bad');
          return {
            ...mockCredentials.user(`user:default/${token}`),
            expiresAt,
          };
        },
      }),
    );
  });
  afterEach(() => jest.useRealTimers());

  it('a good token is checked again after ten seconds', async () => {
    const first = await remembering.authenticate('a');
    jest.setSystemTime(NOW + 9_999);
    expect(await remembering.authenticate('a')).toBe(first);
    expect(checked).toEqual(['a']);
    jest.setSystemTime(NOW + 10_000);
    await remembering.authenticate('a');
    expect(checked).toEqual(['a', 'a']);
  });

  it('each token is somebody', async () => {
    const [a, b] = await Promise.all(
      ['a', 'b'].map(token => remembering.authenticate(token)),
    );
    expect([a, b].map(({ principal }) => principal)).toEqual([
      expect.objectContaining({ userEntityRef: 'user:default/a' }),
      expect.objectContaining({ userEntityRef: 'user:default/b' }),
    ]);
  });

  it('a token holds no longer than it says', async () => {
    expiresAt = new Date(NOW + 3_000);
    await remembering.authenticate('a');
    jest.setSystemTime(NOW + 3_000);
    await remembering.authenticate('a');
    expect(checked).toEqual(['a', 'a']);
  });

  it('a refusal is never remembered', async () => {
    for (let i = 0; i < 2; i++) {
      await expect(remembering.authenticate('bad')).rejects.toThrow('bad');
    }
    expect(checked).toEqual(['bad', 'bad']);
  });

  it('what a limited token may is no answer to what a full one may', async () => {
    await remembering.authenticate('a', { allowLimitedAccess: true });
    await remembering.authenticate('a');
    expect(checked).toEqual(['a', 'a']);
  });
});
