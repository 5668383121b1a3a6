import {
  liveSimulation,
  SimulatedMessage,
  SimulatedServers,
} from '@naap/ingestion';
import { openLake } from '@naap/lakehouse';
import { randomInt } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNaapConfig } from '../naapConfig';

/** Source name of simulated events: by it everything made from them is labelled. */
export const SIMULATOR = 'simulator';

const SEED = 1;
const DAY_MS = 24 * 60 * 60_000;
/** A day of back-fill goes out in pieces of about this many messages. */
const PIECE = 20_000;
const RETRY_MS = 2_000;

/** Variables that configure who brings events, over the files. */
const SOURCE_VARIABLE = /^APP_CONFIG_naap_ingestion_(sources|kafka)/;

/** A simulated network is wanted when neither a source nor the scraper is configured and nobody has brought real events. */
export async function wantsSimulator(
  root: string,
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const { ingestion, scraper } = await readNaapConfig(root);
  if (ingestion || scraper) return false;
  if (Object.keys(env).some(name => SOURCE_VARIABLE.test(name))) return false;
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

/**
 * Back-fills a day of a simulated network, or what passed since the last run, and goes on live until aborted.
 * What was sent and acknowledged is remembered in `run/simulator.json`; sending a piece twice only makes duplicates.
 */
export async function runSimulator(
  home: string,
  send: (messages: Uint8Array) => Promise<unknown>,
  options: {
    eventsPerDay: number;
    /** Told every message before it is sent. */
    observe?: (message: SimulatedMessage) => void;
    say: (text: string) => void;
    signal: AbortSignal;
  },
): Promise<void> {
  const { eventsPerDay, observe, say, signal } = options;
  const stateFile = join(home, 'run', 'simulator.json');
  const started = Date.now();
  const from = Math.max(started - DAY_MS, (await readUntil(stateFile)) ?? 0);
  say('simulating a network: everything made from it is labelled simulated');

  let piece: string[] = [];
  let caughtUp = false;
  for await (const batch of liveSimulation(
    { seed: SEED, from, eventsPerDay },
    signal,
  )) {
    for (const message of batch) {
      observe?.(message);
      piece.push(message.raw);
    }
    const until = batch[batch.length - 1].at;
    const live = until >= started;
    if (piece.length < PIECE && !live) continue;
    await sendUntilTaken(Buffer.from(`${piece.join('\n')}\n`), send, {
      say,
      signal,
    });
    if (signal.aborted) return;
    piece = [];
    await writeUntil(stateFile, until).catch(error =>
      // A full disk, say: the next start sends some of it again, which makes duplicates.
      say(`simulator: ${error.message}`),
    );
    if (live && !caughtUp) {
      caughtUp = true;
      say('the past day is there; going on live');
    }
  }
}

async function sendUntilTaken(
  messages: Uint8Array,
  send: (messages: Uint8Array) => Promise<unknown>,
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await send(messages);
      return;
    } catch (error) {
      if (signal.aborted) return;
      say(`simulator: ${(error as Error).message}; trying again`);
      await new Promise(resolve => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function readUntil(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as { until: number }).until;
}

async function writeUntil(path: string, until: number): Promise<void> {
  await writeFile(`${path}.part`, JSON.stringify({ until }));
  await rename(`${path}.part`, path);
}
