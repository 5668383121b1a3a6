import { networkOf, SimulatedServers } from '@naap/ingestion';
import { openLake } from '@naap/lakehouse';
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNaapConfig } from '../naapConfig';
import { SEED, SIMULATOR } from '../simulate/runSimulator';

/** Variables that configure who brings events, over the files. */
const SOURCE_VARIABLE = /^APP_CONFIG_naap_ingestion_(sources|kafka)/;

/** Whether the environment names somebody who brings events. */
export function hasSourceVariable(env: NodeJS.ProcessEnv): boolean {
  return Object.keys(env).some(name => SOURCE_VARIABLE.test(name));
}

/** A simulated network is wanted when neither a source nor the scraper is configured and nobody has brought real events. */
export async function wantsSimulator(
  root: string,
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const { ingestion, scraper } = await readNaapConfig(root);
  if (ingestion || scraper) return false;
  if (hasSourceVariable(env)) return false;
  const { reader } = openLake(home);
  try {
    return (await reader.sources()).every(source => source === SIMULATOR);
  } finally {
    await reader.close();
  }
}

/** The nodes of the simulated network, and where the scraper of the portal finds what it has to know of them. */
export interface SimulatedNodes {
  servers: SimulatedServers;
  hostsFile: string;
  targetsFile: string;
}

/**
 * Starts the nodes of the simulated network as servers on this machine, for the scraper. Null where that can't be: in
 * production private addresses are no targets, and some systems have no loopback address but 127.0.0.1.
 */
export async function startSimulatedNodes(
  home: string,
  nodeEnv: string,
  say: (text: string) => void,
): Promise<SimulatedNodes | null> {
  if (nodeEnv === 'production') {
    say('in production the simulated network is not scraped');
    return null;
  }
  try {
    const servers = await SimulatedServers.start(
      { seed: SEED },
      randomInt(16, 255),
    );
    const nodes = {
      servers,
      hostsFile: join(home, 'run', 'simulated-hosts.json'),
      targetsFile: join(home, 'run', 'simulated-targets.json'),
    };
    await writeFile(nodes.hostsFile, JSON.stringify(servers.hosts));
    await writeFile(nodes.targetsFile, JSON.stringify(servers.targets));
    say(
      `WARNING: the scraper may ask private addresses (allowPrivateTargets): the ${
        Object.keys(servers.hosts).length
      } nodes of the simulated network are servers on this machine`,
    );
    return nodes;
  } catch (error) {
    say(`the simulated network is not scraped: ${(error as Error).message}`);
    return null;
  }
}

/** Every so many-th orchestrator of a simulated network has an operator with a name. */
const NAMED = 3;

/** Tells who runs some orchestrators of the simulated network, where nobody has told who runs any. */
export async function nameSimulatedOperators(home: string): Promise<void> {
  const lines = networkOf({ seed: SEED })
    .orchestrators.filter((_, index) => index % NAMED === 0)
    .map(
      ({ address }, index) =>
        `${address},Simulated operator ${index + 1},,${(index + 1) * 1000}\n`,
    );
  const text = `address,name,contact,stake\n${lines.join('')}`;
  await writeFile(join(home, 'operators.csv'), text, { flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
}
