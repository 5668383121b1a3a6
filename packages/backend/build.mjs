#!/usr/bin/env node
/**
 * Bundles the backend into dist/backend.cjs: the workspaces (@naap/*, TypeScript) inside, npm packages outside, because
 * Backstage finds migrations and assets by package (resolvePackagePath) and some packages are native.
 * Takes a fraction of a second, so `naap up` runs it before every start.
 *
 *     node packages/backend/build.mjs [ENTRY NAME]     another entry, such as a test's, into dist/NAME.cjs
 */
import { build } from 'esbuild';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
const dist = `${here}/dist`;

/** npm packages stay outside; the workspaces don't. */
const npmOutside = {
  name: 'npm-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      path.startsWith('@naap/') ? undefined : { path, external: true },
    );
  },
};

/** `import spec from './openapi.yaml'` gives the object, as in Jest. */
const yamlObjects = {
  name: 'yaml-objects',
  setup({ onLoad }) {
    onLoad({ filter: /\.yaml$/ }, async ({ path }) => ({
      contents: JSON.stringify(yaml.parse(await readFile(path, 'utf8'))),
      loader: 'json',
    }));
  },
};

/** A source that looks for files beside itself finds them from the bundle too. */
const dirnames = {
  name: 'dirnames',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('__dirname')) return undefined;
      const from = JSON.stringify(relative(dist, dirname(path)));
      return {
        contents: source.replaceAll('__dirname', `naapDirname(${from})`),
        loader: 'ts',
      };
    });
  },
};

const banner = `
require('node:module').enableCompileCache?.(require('node:path').join(__dirname, '.compile-cache'));
const naapDirname = path => require('node:path').resolve(__dirname, path);
`;

const [entry = `${here}/src/index.ts`, name = 'backend'] =
  process.argv.slice(2);

const { outputFiles } = await build({
  entryPoints: [entry],
  outfile: `${dist}/${name}.cjs`,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: true,
  banner: { js: banner.trim() },
  plugins: [npmOutside, yamlObjects, dirnames],
  logLevel: 'warning',
  write: false,
});

// Whole or as before: another portal may be starting from it.
await mkdir(dist, { recursive: true });
for (const { path, contents } of outputFiles) {
  await writeFile(`${path}.${process.pid}`, contents);
  await rename(`${path}.${process.pid}`, path);
}
