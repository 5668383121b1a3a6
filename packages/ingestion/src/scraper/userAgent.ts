import { version } from '../../package.json';
import { OPT_OUT_PATH } from './probe/optOut';

/** An address of the web or of mail, in characters that a header may have, and no parentheses: they end the comment. */
const CONTACT =
  /^(?:https?:\/\/[\w.~:/?#@!$&'*+,;=%-]+|(?:mailto:)?[\w.+-]+@[a-z0-9.-]+)$/i;
const MAX_CONTACT = 200;

/** Whether strangers can be told to reach the operator there. */
export function isContact(text: string): boolean {
  return text.length <= MAX_CONTACT && CONTACT.test(text);
}

/** Says to whom it asks who it is, what for, how to reach the operator, and how to be left alone. */
export function userAgentOf(contact: string | null): string {
  const reach = contact === null ? '' : `contact: ${contact}; `;
  return `naap-scraper/${version} (measures whether Livepeer orchestrators are up; ${reach}to opt out serve "disallow" at ${OPT_OUT_PATH})`;
}
