import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  createPermission,
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
  naapConnectorPermissions,
  naapRawReadPermission,
  naapStepPermissions,
} from '@naap/plugin-naap-common';

/** Whose members run the pipeline and read raw messages; in catalog-info.yaml. */
export const OPERATORS = 'group:default/naap-operators';

/** What is of this platform and more than reading; in development it is everybody's. */
const OF_PLATFORM: ReadonlySet<string> = new Set(
  [
    naapRawReadPermission,
    ...Object.values(naapStepPermissions),
    ...Object.values(naapConnectorPermissions),
  ].map(({ name }) => name),
);

/** To see, trigger and cancel the tasks of Backstage's scheduler. */
export const schedulerPermission = createPermission({
  name: 'portal.scheduler',
  attributes: {},
});

const OF_OPERATORS: ReadonlySet<string> = new Set([
  ...OF_PLATFORM,
  schedulerPermission.name,
]);

/**
 * Guests and users may read, but no raw messages; in development they may read these and run steps too. Members of
 * `naap-operators` may do that and trigger the tasks of the scheduler. Nobody may do anything else, whatever a plugin
 * names. The operator's CLI is a service principal and is not asked here.
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
      isReadPermission(permission) ||
      (this.development && OF_PLATFORM.has(permission.name)) ||
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
