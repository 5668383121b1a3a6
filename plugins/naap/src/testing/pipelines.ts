import { Run, StepInfo } from '@naap/plugin-naap-common';

/** A build by hand that ended well. */
export function run(facts: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    step: 'build',
    state: 'succeeded',
    trigger: 'manual',
    startedBy: 'user:development/guest',
    arguments: {},
    retryOf: null,
    createdAt: '2026-01-08T10:00:00.000Z',
    startedAt: '2026-01-08T10:00:01.000Z',
    finishedAt: '2026-01-08T10:00:22.000Z',
    durationMs: 21_000,
    rows: 1204,
    changed: true,
    details: {},
    error: null,
    ...facts,
  };
}

/** The build, idle, which the caller may run. */
export function step(facts: Partial<StepInfo> = {}): StepInfo {
  return {
    id: 'build',
    title: 'Build gold',
    description: 'dbt: bronze to silver to gold.',
    component: 'component:default/naap-dbt',
    parameters: [],
    permission: 'naap.pipeline.build',
    mayRun: true,
    running: null,
    queued: 0,
    lastRun: run(),
    lastSuccess: run(),
    usualDurationMs: 20_000,
    nextRunAt: null,
    ...facts,
  };
}
