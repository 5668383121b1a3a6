/** What keeps an answer bounded, for who has lists of its own. */
export { decodeCursor, encodeCursor, wrongCursor } from './cursor';
export type { Key } from './cursor';
export {
  BusyError,
  InvalidQueryError,
  PublicationInterruptedError,
  ServerUnreachableError,
} from './errors';
export { Gate } from './gate';
export type { Ordered } from './order';
export { boundedPage, MAX_ROWS, pageAsk, partOf } from './page';
export type { PageAsk, Part } from './page';
export { listOf, pageOfLists } from './pageOfLists';
export type { OneList } from './pageOfLists';
