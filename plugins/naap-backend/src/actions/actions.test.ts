import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { STEP_IDS } from '@naap/plugin-naap-common';
import { Access } from '../access';
import { FakeKpiStore } from '../__testUtils__/fakes';
import { registerKpiActions, registerRunActions } from '.';

const run = { id: '2f0a8c1e-7a54-4a8e-9d0c-6a1f0e6f3b11', step: 'build' };

function setUp(allow: boolean = true) {
  const auditor = mockServices.auditor.mock();
  const outcome = { success: jest.fn(), fail: jest.fn() };
  auditor.createEvent.mockResolvedValue(outcome);
  const result = allow ? AuthorizeResult.ALLOW : AuthorizeResult.DENY;
  const access = new Access({
    auditor,
    permissions: mockServices.permissions({ result }),
  });
  const runs = {
    start: jest.fn(async () => run),
    cancel: jest.fn(async () => run),
    get: jest.fn(async () => run),
    lastLines: jest.fn(async () => [{ seq: 1, message: 'began' }]),
    list: jest.fn(async () => ({ total: 1, rows: [run], next: null })),
    steps: () =>
      STEP_IDS.map(id => ({ id, description: `Does what ${id} does.` })),
  };
  const kpiStore = new FakeKpiStore();
  const actions = actionsRegistryServiceMock();
  registerRunActions({
    access,
    actions,
    runs: runs as unknown as Parameters<typeof registerRunActions>[0]['runs'],
  });
  registerKpiActions({ access, actions, kpiStore });
  const invoke = (name: string, input: object = {}) =>
    actions.invoke({
      id: `test:${name}`,
      input: { ...input },
      credentials: mockCredentials.user(),
    });
  return { actions, auditor, invoke, kpiStore, outcome, runs };
}

describe('actions', () => {
  it('say which steps there are, and which actions only read', async () => {
    const { actions } = setUp();
    const { actions: all } = await actions.list();
    const reads = all
      .filter(({ attributes }) => attributes.readOnly)
      .map(({ name }) => name);
    expect(reads).toEqual([
      'get-run',
      'list-runs',
      'get-kpis',
      'get-sla-score',
    ]);
    expect(all.map(({ name }) => name)).toEqual([
      'run-step',
      'cancel-run',
      ...reads,
    ]);
    for (const id of STEP_IDS) {
      expect(all[0].description).toContain(`${id}: Does what ${id} does.`);
    }
  });

  it('run a step in the name of the caller, with a record', async () => {
    const { auditor, invoke, outcome, runs } = setUp();
    const { output } = await invoke('run-step', { step: 'build', full: true });
    expect(output).toEqual({ run });
    expect(runs.start).toHaveBeenCalledWith({
      step: 'build',
      arguments: { full: true },
      trigger: 'action',
      startedBy: 'user:default/mock',
    });
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'run-start',
        meta: expect.objectContaining({
          step: 'build',
          startedBy: 'user:default/mock',
        }),
      }),
    );
    expect(outcome.success).toHaveBeenCalled();
  });

  it('cancel a run, and read runs with their log', async () => {
    const { invoke, runs } = setUp();
    await invoke('cancel-run', { id: run.id });
    expect(runs.cancel).toHaveBeenCalledWith(run.id, 'user:default/mock');
    expect((await invoke('get-run', { id: run.id })).output).toEqual({
      run,
      log: [{ seq: 1, message: 'began' }],
    });
    await invoke('list-runs', { state: ['failed'], limit: 5 });
    expect(runs.list).toHaveBeenCalledWith({
      state: ['failed'],
      limit: 5,
      offset: 0,
    });
  });

  it('refuse what is not on the list of arguments', async () => {
    const { invoke, runs } = setUp();
    await expect(invoke('run-step', { step: 'explode' })).rejects.toThrow();
    await expect(
      invoke('run-step', { step: 'sync', days: ['today'] }),
    ).rejects.toThrow();
    await expect(
      invoke('run-step', { step: 'build', shell: 'rm' }),
    ).rejects.toThrow();
    expect(runs.start).not.toHaveBeenCalled();
  });

  it.each([
    ['run-step', { step: 'build' }, 'naap.pipeline.build'],
    ['cancel-run', { id: run.id }, 'naap.pipeline.build'],
    ['get-run', { id: run.id }, 'naap.pipeline.read'],
    ['list-runs', {}, 'naap.pipeline.read'],
    ['get-kpis', {}, 'naap.kpi.read'],
    ['get-sla-score', {}, 'naap.kpi.read'],
  ])(
    '%s is refused without its permission',
    async (name, input, permission) => {
      const { invoke, kpiStore, outcome, runs } = setUp(false);
      await expect(invoke(name, input)).rejects.toThrow(
        `This needs the permission ${permission}`,
      );
      expect(runs.start).not.toHaveBeenCalled();
      expect(runs.cancel).not.toHaveBeenCalled();
      expect(kpiStore.asked).toEqual([]);
      const audited = ['run-step', 'cancel-run'].includes(name);
      expect(outcome.fail).toHaveBeenCalledTimes(audited ? 1 : 0);
    },
  );

  it('give KPIs and scores of a window and a filter', async () => {
    const { invoke, kpiStore } = setUp();
    await invoke('get-kpis', {
      from: '2026-01-08T21:00:00Z',
      by: ['orchestrator'],
      filters: { model: [null, 'm'] },
    });
    await invoke('get-sla-score', { by: 'model' });
    expect(kpiStore.asked).toEqual([
      {
        from: '2026-01-08T21:00:00Z',
        to: undefined,
        by: ['orchestrator'],
        filters: { model: [null, 'm'] },
        limit: 100,
      },
      { from: undefined, to: undefined, by: 'model', filters: {}, limit: 100 },
    ]);
  });
});
