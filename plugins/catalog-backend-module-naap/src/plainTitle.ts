const LONGEST = 60;
/** What a name takes of a title beside an address: both are seen whole in most lists. */
const LONGEST_NAME = 40;
/** Controls, marks that turn the direction of what follows, and other characters that are not seen. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Strangers' text as a title: without what is not seen, cut in the middle to `longest` characters, never empty. Pure. */
export function plainTitle(text: string, longest = LONGEST): string {
  const seen = [...text.replace(UNSEEN, '').trim()];
  if (seen.length === 0) return '(no name)';
  if (seen.length <= longest) return seen.join('');
  const half = Math.floor((longest - 1) / 2);
  return `${seen.slice(0, half).join('')}…${seen.slice(-half).join('')}`;
}

/** An id with the name that people gave it, if any: `Acme (0x0074780fe…a29908df6051f)`. Pure. */
export function namedTitle(name: string | null, id: string): string {
  if (name === null) return plainTitle(id);
  const title = plainTitle(name, LONGEST_NAME);
  return `${title} (${plainTitle(id, LONGEST - LONGEST_NAME - 3)})`;
}
