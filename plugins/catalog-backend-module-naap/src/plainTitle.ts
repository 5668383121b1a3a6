const LONGEST = 60;
/** Controls, marks that turn the direction of what follows, and other characters that are not seen. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Strangers' text as a title: without what is not seen, cut in the middle to 60 characters, never empty. Pure. */
export function plainTitle(text: string): string {
  const seen = [...text.replace(UNSEEN, '').trim()];
  if (seen.length === 0) return '(no name)';
  if (seen.length <= LONGEST) return seen.join('');
  const half = Math.floor((LONGEST - 1) / 2);
  return `${seen.slice(0, half).join('')}…${seen.slice(-half).join('')}`;
}
