import { DefaultHttpAuthService } from '@backstage/backend-defaults/httpAuth';
import {
  type AuthService,
  type BackstageCredentials,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';

/** How long a token that was found good is not looked at again: a page asks a dozen questions at once. */
const GOOD_MS = 10_000;
const MAX_TOKENS = 10_000;

/**
 * An `authenticate` that checks the signature of a token once in some seconds; that takes longer than most answers. A
 * token holds no longer than it says, and a refusal is never remembered.
 */
export function rememberTokens(
  auth: AuthService,
): Pick<AuthService, 'authenticate'> {
  const good = new Map<
    string,
    { credentials: BackstageCredentials; until: number }
  >();
  return {
    async authenticate(token, options) {
      const key = `${options?.allowLimitedAccess ?? false} ${token}`;
      const known = good.get(key);
      const now = Date.now();
      if (known && known.until > now) return known.credentials;
      good.delete(key);
      const credentials = await auth.authenticate(token, options);
      if (good.size >= MAX_TOKENS) good.clear();
      const expiresAt = credentials.expiresAt?.getTime() ?? Infinity;
      good.set(key, { credentials, until: Math.min(now + GOOD_MS, expiresAt) });
      return credentials;
    },
  };
}

/** Backstage's own, with tokens remembered. */
export const httpAuthServiceFactory = createServiceFactory({
  service: coreServices.httpAuth,
  deps: {
    auth: coreServices.auth,
    discovery: coreServices.discovery,
    plugin: coreServices.pluginMetadata,
  },
  factory({ auth, discovery, plugin }) {
    const { authenticate } = rememberTokens(auth);
    return DefaultHttpAuthService.create({
      auth: {
        authenticate,
        isPrincipal: auth.isPrincipal.bind(auth),
        getNoneCredentials: () => auth.getNoneCredentials(),
        getOwnServiceCredentials: () => auth.getOwnServiceCredentials(),
        getPluginRequestToken: options => auth.getPluginRequestToken(options),
        getLimitedUserToken: credentials =>
          auth.getLimitedUserToken(credentials),
        listPublicServiceKeys: () => auth.listPublicServiceKeys(),
      },
      discovery,
      pluginId: plugin.getId(),
    });
  },
});
