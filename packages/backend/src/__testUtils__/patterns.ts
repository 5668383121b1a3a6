import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../../../..');

export interface FoundPattern {
  pattern: RegExp;
  /** File and line of its first use. */
  at: string;
}

function sources(extensions: string): string[] {
  return globSync(`{packages,plugins}/*/src/**/*.${extensions}`, {
    cwd: ROOT,
  }).filter(path => !/\.test\.|\/__|\/generated\//.test(path));
}

/** A regular expression literal, or the pattern of a JSON Schema. Null: another node. */
function patternOf(node: ts.Node): RegExp | null {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/');
    return new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
  }
  return ts.isPropertyAssignment(node) &&
    node.name.getText() === 'pattern' &&
    ts.isStringLiteral(node.initializer)
    ? new RegExp(node.initializer.text)
    : null;
}

/** Every regular expression in what is shipped, each once. */
export function shippedPatterns(): FoundPattern[] {
  const found = new Map<string, FoundPattern>();
  const add = (pattern: RegExp, at: string) => {
    if (!found.has(String(pattern)))
      found.set(String(pattern), { pattern, at });
  };
  for (const path of sources('{ts,tsx}')) {
    const text = readFileSync(resolve(ROOT, path), 'utf8');
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node) => {
      const pattern = patternOf(node);
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      if (pattern) add(pattern, `${path}:${line + 1}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  for (const path of sources('yaml')) {
    const text = readFileSync(resolve(ROOT, path), 'utf8');
    for (const [, pattern] of text.matchAll(/^ *pattern: '(.*)'$/gm)) {
      add(new RegExp(pattern), path);
    }
  }
  return [...found.values()];
}

/** Where the shipped sources make a regular expression of a text, which nobody can look at before it runs. */
export function dynamicPatterns(): string[] {
  return sources('{ts,tsx}').filter(path =>
    /\bRegExp\(/.test(readFileSync(resolve(ROOT, path), 'utf8')),
  );
}
