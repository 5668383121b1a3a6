import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedNodes } from './simulator';

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
