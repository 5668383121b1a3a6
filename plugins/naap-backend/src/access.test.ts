import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  naapKpiReadPermission,
  naapStepPermissions,
} from '@naap/plugin-naap-common';
import { Access, nameOf } from './access';

function setUp(...allowed: string[]) {
  const auditor = mockServices.auditor.mock();
  const outcome = { success: jest.fn(), fail: jest.fn() };
  auditor.createEvent.mockResolvedValue(outcome);
  const permissions = mockServices.permissions.mock({
    authorize: async asked =>
      asked.map(({ permission: { name } }) => ({
        result: allowed.includes(name)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      })),
  });
  return { access: new Access({ auditor, permissions }), auditor, outcome };
}

describe('Access', () => {
  const user = mockCredentials.user();

  it('asks for each permission by itself, and names the one that is missing', async () => {
    const { access } = setUp('naap.pipeline.build');
    const { build, sync } = naapStepPermissions;
    expect(await access.has([build, sync], user)).toEqual([true, false]);
    await access.require(build, user);
    await expect(access.require(naapKpiReadPermission, user)).rejects.toThrow(
      'This needs the permission naap.kpi.read',
    );
  });

  it('records what was done and what was refused', async () => {
    const { access, auditor, outcome } = setUp();
    const event = { eventId: 'run-start', meta: { step: 'build' } };
    expect(await access.audited(event, async () => 7)).toBe(7);
    expect(auditor.createEvent).toHaveBeenCalledWith({
      ...event,
      severityLevel: 'medium',
    });
    expect(outcome.success).toHaveBeenCalledTimes(1);
    const refused = new Error('no');
    await expect(
      access.audited(event, async () => {
        throw refused;
      }),
    ).rejects.toThrow('no');
    expect(outcome.fail).toHaveBeenCalledWith({ error: refused });
  });
});

describe('nameOf', () => {
  it('is the entity ref of a user and the subject of a service', () => {
    expect(nameOf(mockCredentials.user('user:default/ada'))).toBe(
      'user:default/ada',
    );
    expect(nameOf(mockCredentials.service('external:naap-cli'))).toBe(
      'external:naap-cli',
    );
    expect(nameOf(mockCredentials.none())).toBe('nobody');
  });
});
