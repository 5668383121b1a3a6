import { exclusiveContract } from '../testing/exclusiveContract';
import { MemoryExclusive } from '../testing/MemoryExclusive';

describe('rights in memory', () => {
  exclusiveContract(async () => {
    const rights = new MemoryExclusive();
    return { one: rights, other: rights };
  });
});
