import {
  AST,
  parseRegExpLiteral,
  visitRegExpAST,
} from '@eslint-community/regexpp';

/** Characters that a pattern may tell apart: ASCII, and some of what \s and \p{…} take beyond it. */
const ALPHABET = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...'\u0085\u00a0\u2028\u202e\ufeffé＝😀\ud800',
];

type Leaf = AST.Character | AST.CharacterSet | AST.CharacterClass;

/** The characters of the alphabet that a pattern tells apart, one for all that it doesn't. */
function atomsOf(pattern: RegExp, leaves: readonly Leaf[]): string[] {
  const flags = pattern.flags.replace(/[gy]/g, '');
  const tests = [...new Set(leaves.map(({ raw }) => raw))].map(
    raw => new RegExp(`^(?:${raw})$`, flags),
  );
  const atoms = new Map<string, string>();
  for (const character of ALPHABET) {
    const taken = tests.map(test => Number(test.test(character))).join('');
    if (!atoms.has(taken)) atoms.set(taken, character);
  }
  return [...atoms.values()];
}

/** A short text that an element takes. */
function sampleOf(element: AST.Element, atoms: readonly string[]): string {
  switch (element.type) {
    case 'Character':
      return String.fromCodePoint(element.value);
    case 'CharacterSet':
    case 'CharacterClass': {
      const test = new RegExp(`^(?:${element.raw})$`, 'u');
      return atoms.find(atom => test.test(atom)) ?? '';
    }
    case 'Quantifier':
      return sampleOf(element.element, atoms).repeat(Math.max(element.min, 1));
    case 'Group':
    case 'CapturingGroup':
      return textOf(element.alternatives[0].elements, atoms);
    default:
      return '';
  }
}

function textOf(elements: readonly AST.Element[], atoms: readonly string[]) {
  return elements.map(element => sampleOf(element, atoms)).join('');
}

/** A text that leads a pattern up to an element of it. */
function leadOf(element: AST.Element, atoms: readonly string[]): string {
  let lead = '';
  let child: AST.Node = element;
  for (
    let parent: AST.Node | null = child.parent;
    parent;
    child = parent, parent = parent.parent
  ) {
    if (parent.type === 'Alternative') {
      const before = parent.elements.indexOf(child as AST.Element);
      lead = textOf(parent.elements.slice(0, before), atoms) + lead;
    }
  }
  return lead;
}

/** A text that is made to be slow to search: `length` characters of a run, between a head and a tail. */
export interface WorstText {
  head: string;
  run: string;
  tail: string;
}

export function written({ head, run, tail }: WorstText, length: number) {
  return head + run.repeat(Math.ceil(length / run.length)) + tail;
}

/**
 * The texts that may make a backtracking engine slow: what leads up to a repetition, then a long run of what the
 * pattern tells apart (one thing, two by turns, or what a part of it takes), and an end that spoils the match.
 */
export function worstTexts(pattern: RegExp): WorstText[] {
  const leaves: Leaf[] = [];
  const repeated: AST.Quantifier[] = [];
  const alternatives: AST.Alternative[] = [];
  visitRegExpAST(parseRegExpLiteral(pattern), {
    onCharacterEnter: node => {
      if (
        node.parent.type === 'Alternative' ||
        node.parent.type === 'Quantifier'
      )
        leaves.push(node);
    },
    onCharacterSetEnter: node => leaves.push(node as AST.CharacterSet),
    onCharacterClassEnter: node => leaves.push(node),
    onQuantifierEnter: node => {
      if (node.max === Infinity) repeated.push(node);
    },
    onAlternativeEnter: node => alternatives.push(node),
  });
  const atoms = atomsOf(pattern, leaves);
  const heads = new Set([
    '',
    ...repeated.flatMap(node => [
      leadOf(node, atoms),
      leadOf(node, atoms) + sampleOf(node, atoms),
    ]),
  ]);
  const pairs = atoms.flatMap(a => atoms.map(b => a + b));
  const units = new Set([
    ...atoms,
    ...heads,
    ...alternatives.map(({ elements }) => textOf(elements, atoms)),
  ]);
  units.delete('');
  const texts = (runs: Iterable<string>, tails: readonly string[]) =>
    [...heads].flatMap(head =>
      [...runs].flatMap(run => tails.map(tail => ({ head, run, tail }))),
    );
  return [
    ...texts(units, ['', ...atoms, ...pairs]),
    ...texts(pairs, ['', ...atoms]),
  ];
}
