import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isReadPermission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';

/**
 * Guests and users may read, and nothing else: the portal is open to its readers and changed by its operator, whose CLI
 * is a service principal and is not asked here. In development everything is allowed.
 */
export class ReadersPolicy implements PermissionPolicy {
  constructor(private readonly development: boolean) {}

  async handle({ permission }: PolicyQuery): Promise<PolicyDecision> {
    return {
      result:
        this.development || isReadPermission(permission)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
    };
  }
}

export const permissionPolicyModule = createBackendModule({
  pluginId: 'permission',
  moduleId: 'readers-policy',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(
          new ReadersPolicy(process.env.NODE_ENV === 'development'),
        );
      },
    });
  },
});
