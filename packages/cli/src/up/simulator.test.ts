import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  nameSimulatedOperators,
  startSimulatedNodes,
  wantsSimulator,
} from './simulator';

describe('startSimulatedNodes', () => {
  let home: string;
  let said: string[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-nodes-'));
    await mkdir(join(home, 'run'));
    said = [];
  });

  afterEach(() => rm(home, { recursive: true }));

  it('says loudly that private addresses are targets, and where the nodes are', async () => {
    const nodes = await startSimulatedNodes(home, 'development', text =>
      said.push(text),
    );
    try {
      const hosts = JSON.parse(await readFile(nodes!.hostsFile, 'utf8'));
      const targets = JSON.parse(await readFile(nodes!.targetsFile, 'utf8'));
      for (const [name, address] of Object.entries(hosts)) {
        expect(name).toMatch(/\.example$/);
        expect(address).toMatch(/^127\./);
      }
      for (const { url } of targets) {
        expect(Object.keys(hosts)).toContain(new URL(url).hostname);
      }
      expect(said.join()).toMatch(/WARNING.*allowPrivateTargets/);
    } finally {
      await nodes?.servers.close();
    }
  });

  it('starts none in production, where private addresses are no targets', async () => {
    expect(
      await startSimulatedNodes(home, 'production', text => said.push(text)),
    ).toBeNull();
    expect(said.join()).toMatch(/in production/);
  });
});

describe('nameSimulatedOperators', () => {
  it('says of each name that it is simulated, and writes over nobody else', async () => {
    const home = await mkdtemp(join(tmpdir(), 'naap-operators-'));
    const file = join(home, 'operators.csv');
    await nameSimulatedOperators(home);
    const [head, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
    expect(head).toBe('address,name,contact,stake');
    expect(lines).not.toHaveLength(0);
    for (const line of lines) {
      expect(line).toMatch(/^0x[0-9a-f]{40},Simulated operator \d+,,\d+$/i);
    }
    await writeFile(file, 'mine');
    await nameSimulatedOperators(home);
    expect(await readFile(file, 'utf8')).toBe('mine');
    await rm(home, { recursive: true });
  });
});

describe('wantsSimulator', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'naap-wants-'));
  });

  afterEach(() => rm(root, { recursive: true }));

  it('wants none where somebody brings events, by whatever way it is configured', async () => {
    expect(await wantsSimulator(root, root, {})).toBe(true);
    for (const yaml of [
      'ingestion: {sources: [{name: sea, token: t}]}',
      'ingestion: {kafka: {brokers: [a:9092], topics: [network_events]}}',
      'scraper: {targets: []}',
    ]) {
      await writeFile(join(root, 'app-config.local.yaml'), `naap: {${yaml}}`);
      expect(await wantsSimulator(root, root, {})).toBe(false);
    }
    await rm(join(root, 'app-config.local.yaml'));
    for (const name of ['sources', 'kafka_brokers']) {
      const env = { [`APP_CONFIG_naap_ingestion_${name}`]: '["a"]' };
      expect(await wantsSimulator(root, root, env)).toBe(false);
    }
  });
});
