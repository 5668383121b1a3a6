#!/usr/bin/env node
/**
 * The types of the API's client, made from the same document that requests are validated against.
 *
 *     node scripts/openapi.mjs            writes plugins/naap-common/src/generated/openapi.ts
 *     node scripts/openapi.mjs --check    fails when that file is not what the document says
 */
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const document = new URL(
  '../plugins/naap-backend/src/schema/openapi.yaml',
  import.meta.url,
);
const target = new URL(
  '../plugins/naap-common/src/generated/openapi.ts',
  import.meta.url,
);

const types = astToString(await openapiTS(document, { silent: true }));
const text = prettier.format(
  `/** Made from openapi.yaml by scripts/openapi.mjs; not to be edited. */\n\n${types}`,
  {
    ...(await prettier.resolveConfig(target.pathname)),
    parser: 'typescript',
  },
);

if (process.argv.includes('--check')) {
  if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    console.error(
      'plugins/naap-common/src/generated/openapi.ts is old: run node scripts/openapi.mjs',
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(target, text);
}
