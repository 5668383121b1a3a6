#!/usr/bin/env node
/**
 * Prints the folders of the npm packages that the portal's process needs when it runs, one a line, from the checkout on: what
 * packages/backend depends on, without what the pages were built of.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A package of ours, of which only what was built is needed. */
const PAGES = 'app';

/** The folder of a package as Node finds it from another, or undefined: optional, and not of this machine. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (join(folder, '/') === root || folder === dirname(folder)) {
      return undefined;
    }
  }
}

const packages = new Set();
const waiting = [join(root, 'packages/backend')];
for (const folder of waiting) {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys({
    ...dependencies,
    ...optionalDependencies,
  })) {
    const found = find(name, folder);
    if (found && !packages.has(found)) {
      packages.add(found);
      if (name !== PAGES) waiting.push(found);
    }
  }
}
for (const folder of [...packages].sort()) {
  // What is within another comes with it.
  const path = relative(root, folder);
  if (path.split('node_modules/').length === 2) console.log(path);
}
