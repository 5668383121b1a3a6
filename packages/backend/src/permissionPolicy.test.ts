import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import { naapPermissions } from '@naap/plugin-naap-common';
import { ReadersPolicy } from './permissionPolicy';

const allowed = async (development: boolean) => {
  const policy = new ReadersPolicy(development);
  const names: string[] = [];
  for (const permission of naapPermissions) {
    const { result } = await policy.handle({ permission });
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

  it('lets them run steps in development', async () => {
    expect(await allowed(true)).toEqual(naapPermissions.map(p => p.name));
  });

  it('denies what changes the catalog, whatever the permission', async () => {
    const policy = new ReadersPolicy(false);
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
