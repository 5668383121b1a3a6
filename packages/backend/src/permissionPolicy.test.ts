import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import { naapPermissions } from '@naap/plugin-naap-common';
import { OPERATORS, ReadersPolicy } from './permissionPolicy';

const user: PolicyQueryUser = {
  credentials: mockCredentials.user(),
  info: { userEntityRef: 'user:default/mock', ownershipEntityRefs: [] },
};

const allowed = async (development: boolean, groups: string[] = []) => {
  const policy = new ReadersPolicy(development, async () => groups);
  const names: string[] = [];
  for (const permission of naapPermissions) {
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

  it('lets operators run steps and read raw messages', async () => {
    expect(await allowed(false, [OPERATORS])).toEqual(
      naapPermissions.map(p => p.name),
    );
    expect(await allowed(false, ['group:default/others'])).toHaveLength(2);
  });

  it('lets everybody do all of that in development', async () => {
    expect(await allowed(true)).toEqual(naapPermissions.map(p => p.name));
  });

  it('denies what changes the catalog, whatever the permission', async () => {
    const policy = new ReadersPolicy(false, async () => []);
    for (const action of ['create', 'update', 'delete', undefined] as const) {
      const permission = createPermission({
        name: 'catalog.entity.any',
        attributes: { action },
      });
      expect(await policy.handle({ permission })).toEqual({
        result: AuthorizeResult.DENY,
      });
    }
  });
});
