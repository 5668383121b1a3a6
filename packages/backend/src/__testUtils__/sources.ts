import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../../../..');

/** Paths from the root of all that is shipped: no tests, no fixtures, nothing generated. */
export function sources(extensions: string): string[] {
  return globSync(`{packages,plugins}/*/src/**/*.${extensions}`, {
    cwd: ROOT,
  }).filter(path => !/\.test\.|\/__|\/testing\/|\/generated\//.test(path));
}

/** Paths from the root of the Python that is shipped. */
export function pythonSources(): string[] {
  return globSync('packages/*/python/naap_*/**/*.py', { cwd: ROOT });
}

export function textOf(path: string): string {
  return readFileSync(resolve(ROOT, path), 'utf8');
}

/** What a source imports, as it is written: modules, also of types alone and those that are loaded later. */
export function importsOf(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(textOf(path), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

/** Calls back for every node of a source. */
export function eachNode(
  path: string,
  visit: (node: ts.Node, file: ts.SourceFile) => void,
): void {
  const { Latest } = ts.ScriptTarget;
  const file = ts.createSourceFile(path, textOf(path), Latest, true);
  const visitAll = (node: ts.Node) => {
    visit(node, file);
    ts.forEachChild(node, visitAll);
  };
  visitAll(file);
}
