import { builderContract } from './builderContract';
import { MemoryBuilder } from './MemoryBuilder';

describe('MemoryBuilder', () => {
  builderContract(async () => {
    const builder = new MemoryBuilder();
    return {
      builder,
      addEvent: async () => builder.addEvent(),
      close: async () => {},
    };
  });
});
