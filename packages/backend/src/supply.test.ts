import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = resolvePackagePath('backend', '../..');

/** What says its licence in a file only, as it was read there. */
const LICENCES_READ: Record<string, string> = {
  'fast-shallow-equal': 'Unlicense',
  pause: 'MIT',
  'react-universal-interface': 'Unlicense',
  tosource: 'Zlib',
};

interface Locked {
  version?: string;
  license?: string;
  link?: boolean;
}

const readJson = async (path: string) =>
  JSON.parse(await readFile(join(ROOT, path), 'utf8'));

describe('what the platform is made of', () => {
  let packages: Array<[path: string, locked: Locked]>;

  beforeAll(async () => {
    const lock = await readJson('package-lock.json');
    packages = Object.entries(lock.packages);
  });

  it('has a licence, each of it', async () => {
    const without: string[] = [];
    for (const [path, { license, link }] of packages) {
      if (license || link) continue;
      // The lock file leaves out the older form.
      const { name, licenses } = await readJson(join(path, 'package.json'));
      if (!licenses) without.push(name);
    }
    expect(without.sort()).toEqual(Object.keys(LICENCES_READ).sort());
  });

  it('is ours under one licence', async () => {
    const ours = packages
      .map(([path]) => path)
      .filter(path => /^(?:packages|plugins)\/[^/]+$/.test(path));
    expect(ours.length).toBeGreaterThan(10);
    for (const path of ['.', 'e2e', ...ours]) {
      const { license } = await readJson(join(path, 'package.json'));
      expect({ path, license }).toEqual({ path, license: 'Apache-2.0' });
    }
  });

  it('has no prismjs that takes the page for its own (CVE-2024-53382)', () => {
    const versions = packages
      .filter(([path]) => path.endsWith('node_modules/prismjs'))
      .map(([, { version }]) => version);
    expect(versions).toEqual(['1.30.0']);
  });

  it('has one axios, not the older one that trino-client asks for', () => {
    const versions = packages
      .filter(([path]) => path.endsWith('node_modules/axios'))
      .map(([, { version }]) => version);
    expect(versions).toEqual(['1.21.1']);
  });
});
