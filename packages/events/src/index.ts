export * from './classify';
export * from './families';
export { canonicalJson, contentIdentity } from './identity';
export * from './names';
export * from './schemas';
export * from './scrape';
export { splice } from './splice';
export { toMillis } from './time';
export * from './types';
