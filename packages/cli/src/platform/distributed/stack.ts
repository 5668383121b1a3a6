import type { Container, Service } from './Compose';
import type { DistributedConfig } from './distributedConfig';

type Catalog = DistributedConfig['lake']['catalog'];

/** Services of which only one is needed, by the kind of the catalog. */
const CATALOGS: Readonly<Record<Catalog, string>> = {
  hive: 'hive-metastore',
  rest: 'nessie',
};
const SCRAPER = 'scraper';
export const SIMULATOR = 'simulator';
/** What says how far it is, where it runs. */
export const TELLING = ['gate', SCRAPER, SIMULATOR];
const OURS = [...TELLING, 'portal', 'dbt-runner'];

/** What of `docker-compose.yml` a configuration needs, in the order in which it is started. */
export interface Stack {
  engines: Service[];
  /** The services of the platform: they need topics. */
  ours: Service[];
  /** Those of the platform that are not needed: of another configuration they may run. */
  unneeded: Service[];
}

export function stackOf(
  services: readonly Service[],
  wants: { catalog: Catalog; scraper: boolean; simulator: boolean },
): Stack {
  const needed = services.filter(
    ({ name }) =>
      (!Object.values(CATALOGS).includes(name) ||
        name === CATALOGS[wants.catalog]) &&
      (name !== SCRAPER || wants.scraper) &&
      (name !== SIMULATOR || wants.simulator),
  );
  const isOurs = ({ name }: Service) => OURS.includes(name);
  return {
    engines: needed.filter(service => !isOurs(service)),
    ours: needed.filter(isOurs),
    unneeded: services.filter(one => isOurs(one) && !needed.includes(one)),
  };
}

/** How a service is. */
export interface ServiceState {
  name: string;
  isWell: boolean;
  /** In a word. */
  state: string;
  addresses: string[];
}

export function stateOf(
  { name, isOnce }: Service,
  containers: readonly Container[],
): ServiceState {
  const container = containers.find(({ service }) => service === name);
  if (!container) {
    return { name, isWell: false, state: 'not started', addresses: [] };
  }
  const { state, health, exitCode, addresses } = container;
  if (state === 'exited') {
    const isDone = isOnce && exitCode === 0;
    const word = isDone ? 'done' : `ended with ${exitCode}`;
    return { name, isWell: isDone, state: word, addresses };
  }
  const isWell = state === 'running' && (health === 'healthy' || health === '');
  const word = state === 'running' && health !== '' ? health : state;
  return { name, isWell, state: word, addresses };
}
