import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Access } from './access';

describe('requireReader', () => {
  const setUp = (result: AuthorizeResult.ALLOW | AuthorizeResult.DENY) => {
    const permissions = mockServices.permissions.mock();
    permissions.authorize.mockResolvedValue([{ result }]);
    const access = new Access({
      auditor: mockServices.auditor.mock(),
      permissions,
    });
    return { access, permissions };
  };

  it('asks once in ten seconds about a user who may read, and about each user', async () => {
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick'] });
    const { access, permissions } = setUp(AuthorizeResult.ALLOW);
    const jane = mockCredentials.user('user:default/jane');
    await access.requireReader(jane);
    await access.requireReader(jane);
    expect(permissions.authorize).toHaveBeenCalledTimes(1);
    await access.requireReader(mockCredentials.user('user:default/joe'));
    expect(permissions.authorize).toHaveBeenCalledTimes(2);
    jest.setSystemTime(10_000);
    await access.requireReader(jane);
    expect(permissions.authorize).toHaveBeenCalledTimes(3);
    jest.useRealTimers();
  });

  it('asks again about who may not', async () => {
    const { access, permissions } = setUp(AuthorizeResult.DENY);
    const jane = mockCredentials.user('user:default/jane');
    await expect(access.requireReader(jane)).rejects.toThrow('naap.kpi.read');
    await expect(access.requireReader(jane)).rejects.toThrow('naap.kpi.read');
    permissions.authorize.mockResolvedValue([
      { result: AuthorizeResult.ALLOW },
    ]);
    await access.requireReader(jane);
    expect(permissions.authorize).toHaveBeenCalledTimes(3);
  });

  it('does not keep a yes for services', async () => {
    const { access, permissions } = setUp(AuthorizeResult.ALLOW);
    await access.requireReader(mockCredentials.service());
    await access.requireReader(mockCredentials.service());
    expect(permissions.authorize).toHaveBeenCalledTimes(2);
  });
});
