import { goldSourceContract } from './goldSourceContract';
import { MemoryGold } from './MemoryGold';

describe('gold in memory', () => {
  goldSourceContract(async () => new MemoryGold());
});
