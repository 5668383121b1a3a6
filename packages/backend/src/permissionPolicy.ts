import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isReadPermission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import {
  naapRawReadPermission,
  naapStepPermissions,
} from '@naap/plugin-naap-common';

/** Whose members run the pipeline and read raw messages; in catalog-info.yaml. */
export const OPERATORS = 'group:default/naap-operators';

const OF_OPERATORS: ReadonlySet<string> = new Set(
  [naapRawReadPermission, ...Object.values(naapStepPermissions)].map(
    ({ name }) => name,
  ),
);

/**
 * Guests and users may read, but no raw messages, and nothing else; members of `naap-operators` may read these and run
 * steps too. The operator's CLI is a service principal and is not asked here. In development everything is allowed.
 */
export class ReadersPolicy implements PermissionPolicy {
  /** @param refsOf - the entities that a user is or is a member of */
  constructor(
    private readonly development: boolean,
    private readonly refsOf: (user: PolicyQueryUser) => Promise<string[]>,
  ) {}

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const allowed =
      this.development ||
      isReadPermission(permission) ||
      (OF_OPERATORS.has(permission.name) && (await this.#isOperator(user)));
    return { result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
  }

  async #isOperator(user: PolicyQueryUser | undefined): Promise<boolean> {
    return user !== undefined && (await this.refsOf(user)).includes(OPERATORS);
  }
}

export const permissionPolicyModule = createBackendModule({
  pluginId: 'permission',
  moduleId: 'readers-policy',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint, userInfo: coreServices.userInfo },
      async init({ policy, userInfo }) {
        policy.setPolicy(
          new ReadersPolicy(
            process.env.NODE_ENV === 'development',
            async ({ credentials }) =>
              (await userInfo.getUserInfo(credentials)).ownershipEntityRefs,
          ),
        );
      },
    });
  },
});
