import { eventBusContract } from './eventBusContract';
import { MemoryEventBus } from './MemoryEventBus';

describe('MemoryEventBus', () => {
  eventBusContract(async () => {
    const bus = new MemoryEventBus();
    return {
      bus,
      refuse: async () => {
        bus.failWith = new Error('The broker is gone');
      },
    };
  });
});
