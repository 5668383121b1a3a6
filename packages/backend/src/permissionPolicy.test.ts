import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import { naapPermissions } from '@naap/plugin-naap-common';
import {
  OPERATORS,
  ReadersPolicy,
  schedulerPermission,
} from './permissionPolicy';

const user: PolicyQueryUser = {
  credentials: mockCredentials.user(),
  info: { userEntityRef: 'user:default/mock', ownershipEntityRefs: [] },
};

const allowed = async (development: boolean, groups: string[] = []) => {
  const policy = new ReadersPolicy(development, async () => groups);
  const names: string[] = [];
  for (const permission of [...naapPermissions, schedulerPermission]) {
    const { result } = await policy.handle({ permission }, user);
    if (result === AuthorizeResult.ALLOW) names.push(permission.name);
  }
  return names;
};

describe('ReadersPolicy', () => {
  it('lets guests and users read and nothing else', async () => {
    expect(await allowed(false)).toEqual([
      'naap.kpi.read',
      'naap.pipeline.read',
    ]);
  });

  it('lets operators run steps, read raw messages and trigger tasks', async () => {
    for (const development of [false, true]) {
      expect(await allowed(development, [OPERATORS])).toEqual([
        ...naapPermissions.map(p => p.name),
        'portal.scheduler',
      ]);
    }
    expect(await allowed(false, ['group:default/others'])).toHaveLength(2);
  });

  it('lets everybody run steps and read raw messages in development, and trigger no task', async () => {
    expect(await allowed(true)).toEqual(naapPermissions.map(p => p.name));
  });

  it.each([
    ['production', false],
    ['development', true],
  ])('denies all that is not named, in %s', async (_, development) => {
    const policy = new ReadersPolicy(development, async () => [OPERATORS]);
    for (const action of ['create', 'update', 'delete', undefined] as const) {
      const permission = createPermission({
        name: 'catalog.entity.any',
        attributes: { action },
      });
      expect(await policy.handle({ permission }, user)).toEqual({
        result: AuthorizeResult.DENY,
      });
    }
  });
});
