#!/usr/bin/env node
/** Bundles the command into dist/naap.cjs: the workspaces inside, npm packages outside (some are native). */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

await build({
  entryPoints: [`${here}src/index.ts`],
  outfile: `${here}dist/naap.cjs`,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: true,
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
  logLevel: 'warning',
});
