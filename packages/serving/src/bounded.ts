/** What keeps an answer bounded, for who has lists of its own. */
export { decodeCursor, encodeCursor } from './cursor';
export type { Key } from './cursor';
export { BusyError, InvalidQueryError } from './errors';
export { Gate } from './gate';
export type { Ordered } from './order';
export { boundedPage, pageAsk, partOf } from './page';
export type { PageAsk, Part } from './page';
export { pageOfLists } from './pageOfLists';
export type { OneList } from './pageOfLists';
export { Slices } from './slices';
