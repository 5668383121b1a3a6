#!/usr/bin/env node
/**
 * Bundles the command into dist/naap.cjs: the workspaces inside, npm packages outside (some are native). And what runs as a
 * service into dist/services.cjs, which is all that it needs beside Node.
 */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

const common = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: true,
  logLevel: 'warning',
};

await Promise.all([
  build({
    ...common,
    entryPoints: [`${here}src/index.ts`],
    outfile: `${here}dist/naap.cjs`,
    banner: {
      js: "require('node:module').enableCompileCache?.(require('node:path').join(__dirname, '.compile-cache'));",
    },
    plugins: [
      {
        name: 'npm-outside',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path }) =>
            path.startsWith('@naap/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  }),
  build({
    ...common,
    entryPoints: [`${here}src/services.ts`],
    outfile: `${here}dist/services.cjs`,
    legalComments: 'external',
  }),
]);
