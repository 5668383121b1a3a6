import type { Container } from './Compose';
import { stackOf, stateOf } from './stack';

const service = (name: string, isOnce = false) => ({
  name,
  context: null,
  isOnce,
});
const SERVICES = [
  ...[
    'dbt-runner',
    'gate',
    'hive-metastore',
    'kafka',
    'nessie',
    'portal',
    'scraper',
    'simulator',
  ].map(name => service(name)),
];
const namesOf = (all: readonly { name: string }[]) => all.map(one => one.name);

it.each([
  [
    'hive',
    true,
    ['hive-metastore', 'kafka'],
    ['dbt-runner', 'gate', 'portal', 'scraper'],
  ],
  [
    'rest',
    false,
    ['kafka', 'nessie'],
    ['dbt-runner', 'gate', 'portal', 'simulator'],
  ],
] as const)(
  'takes one catalog, %s, and the scraper or the simulator',
  (catalog, scraper, engines, ours) => {
    const wants = { catalog, scraper, simulator: !scraper };
    const stack = stackOf(SERVICES, wants);
    expect(namesOf(stack.unneeded)).toEqual([
      scraper ? 'simulator' : 'scraper',
    ]);
    expect(namesOf(stack.engines)).toEqual(engines);
    expect(namesOf(stack.ours)).toEqual(ours);
  },
);

it.each<[string, boolean, Partial<Container> | null, boolean]>([
  ['healthy', false, {}, true],
  ['starting', false, { health: 'starting' }, false],
  ['unhealthy', false, { health: 'unhealthy' }, false],
  ['running', false, { health: '' }, true],
  ['restarting', false, { state: 'restarting', health: '' }, false],
  ['paused', false, { state: 'paused' }, false],
  ['ended with 137', false, { state: 'exited', exitCode: 137 }, false],
  // It was stopped: that is no end of a service.
  ['ended with 0', false, { state: 'exited', exitCode: 0 }, false],
  ['done', true, { state: 'exited', exitCode: 0 }, true],
  ['ended with 1', true, { state: 'exited', exitCode: 1 }, false],
  ['not started', false, null, false],
])('says %s (once: %s) of %j', (word, isOnce, is, isWell) => {
  const container = {
    service: 'kafka',
    state: 'running',
    health: 'healthy',
    exitCode: 0,
    addresses: [],
    ...is,
  };
  expect(
    stateOf(service('kafka', isOnce), is ? [container] : []),
  ).toMatchObject({ state: word, isWell });
});
