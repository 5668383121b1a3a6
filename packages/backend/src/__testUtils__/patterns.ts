import ts from 'typescript';
import { eachNode, sources, textOf } from './sources';

export interface FoundPattern {
  pattern: RegExp;
  /** File and line of its first use. */
  at: string;
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
    eachNode(path, (node, file) => {
      const pattern = patternOf(node);
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      if (pattern) add(pattern, `${path}:${line + 1}`);
    });
  }
  for (const path of sources('yaml')) {
    for (const [, pattern] of textOf(path).matchAll(/^ *pattern: '(.*)'$/gm)) {
      add(new RegExp(pattern), path);
    }
  }
  return [...found.values()];
}

/** Where the shipped sources make a regular expression of a text, which nobody can look at before it runs. */
export function dynamicPatterns(): string[] {
  return sources('{ts,tsx}').filter(path => /\bRegExp\(/.test(textOf(path)));
}
